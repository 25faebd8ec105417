//! Every page and form: its address, who may have it, and what answers. One table, so that there is none without a rule.

use std::sync::{Arc, LazyLock};

use axum::routing::{MethodRouter, get, post};

use super::{
    Pages, access, account, approvals, audit, channels, connect, documents, gaps, keys, live, mappings, orders,
    platforms, policy, quarantine, search, staff, stock, stream,
};
use crate::{Access, Route, Scope};

/// An address with what answers there.
pub(super) struct Page {
    pub(super) route: Route,
    pub(super) handler: MethodRouter<Arc<Pages>>,
}

/// Every page and form behind the gate, with who may have it.
pub fn page_routes() -> &'static [Route] {
    static TABLE: LazyLock<Vec<Route>> = LazyLock::new(|| pages().into_iter().map(|page| page.route).collect());
    &TABLE
}

type Handler = MethodRouter<Arc<Pages>>;

fn see(path: &'static str, scope: Scope, handler: Handler) -> Page {
    Page { route: Route { method: "GET", path, access: Access::Needs(scope) }, handler }
}

fn form(path: &'static str, scope: Scope, handler: Handler) -> Page {
    Page { route: Route { method: "POST", path, access: Access::Needs(scope) }, handler }
}

fn own(method: &'static str, path: &'static str, handler: Handler) -> Page {
    Page { route: Route { method, path, access: Access::Own }, handler }
}

fn free(method: &'static str, path: &'static str, handler: Handler) -> Page {
    Page { route: Route { method, path, access: Access::Open }, handler }
}

/// What everybody may have: the way in.
pub(super) fn open() -> Vec<Page> {
    vec![
        // A browser that comes back from a platform brings no session: its question's own cookie says who it is.
        free("GET", "/connect/callback", get(connect::callback)),
        free("GET", "/sign-in", get(access::show)),
        free("POST", "/sign-in", post(access::enter)),
    ]
}

/// Everything else.
pub(super) fn pages() -> Vec<Page> {
    let mut all = daily();
    all.extend(mapping());
    all.extend(operations());
    all.extend(administration());
    all
}

fn daily() -> Vec<Page> {
    vec![
        see("/", Scope::StockRead, get(live::show)),
        see("/live", Scope::StockRead, get(stream::serve)),
        see("/search", Scope::StockRead, get(search::show)),
        see("/stock", Scope::StockRead, get(stock::show)),
        see("/stock.csv", Scope::StockRead, get(stock::download)),
        see("/stock/{sku}", Scope::StockRead, get(stock::show_item)),
        form("/stock/{sku}/count", Scope::StockWrite, post(stock::count)),
        form("/stock/{sku}/adjust", Scope::StockWrite, post(stock::adjust)),
        form("/stock/{sku}/safety", Scope::StockWrite, post(stock::safety)),
        see("/stock/{sku}/{location}", Scope::StockRead, get(stock::show_why)),
        see("/orders", Scope::OrdersRead, get(orders::show)),
        see("/orders/{order}", Scope::OrdersRead, get(orders::show_one)),
        see("/documents", Scope::OrdersRead, get(documents::show)),
        form("/documents/{id}/withdraw", Scope::DocumentsWrite, post(documents::withdraw)),
        see("/gaps", Scope::StockRead, get(gaps::show)),
        see("/gaps.csv", Scope::StockRead, get(gaps::download)),
    ]
}

fn mapping() -> Vec<Page> {
    let change = Scope::OperationsWrite;
    vec![
        see("/mappings", Scope::OperationsRead, get(mappings::show)),
        see("/mappings.csv", Scope::OperationsRead, get(mappings::download)),
        form("/mappings-file", change, post(mappings::upload)),
        see("/mappings-file/{id}", change, get(mappings::show_upload)),
        form("/mappings-file/{id}", change, post(mappings::carry_out)),
        see("/mappings/{channel}/{external}", Scope::OperationsRead, get(mappings::show_one)),
        form("/mappings/{channel}/{external}/map", change, post(mappings::map)),
        form("/mappings/{channel}/{external}/new", change, post(mappings::make)),
        form("/mappings/{channel}/{external}/dismiss", change, post(mappings::dismiss)),
        form("/mappings/{channel}/{external}/reopen", change, post(mappings::reopen)),
        form("/mappings/{channel}/{external}/undo", change, post(mappings::undo)),
        see("/mapped-places/{channel}/{external}", Scope::OperationsRead, get(mappings::show_place)),
        form("/mapped-places/{channel}/{external}/{act}", change, post(mappings::decide_place)),
        form("/linked-customers/{act}", change, post(mappings::decide_people)),
    ]
}

fn operations() -> Vec<Page> {
    vec![
        see("/platforms", Scope::OperationsRead, get(platforms::show)),
        see("/connect", Scope::Admin, get(connect::show)),
        form("/connect", Scope::Admin, post(connect::add)),
        see("/connect/{name}", Scope::OperationsRead, get(connect::show_one)),
        form("/connect/{name}/authorize", Scope::Admin, post(connect::authorize)),
        form("/connect/{name}/token", Scope::Admin, post(connect::token)),
        form("/connect/{name}/check", Scope::Admin, post(connect::check)),
        form("/connect/{name}/location", Scope::Admin, post(connect::location)),
        form("/connect/{name}/start", Scope::Admin, post(connect::start)),
        form("/connect/{name}/write", Scope::Admin, post(connect::write)),
        see("/channels", Scope::OperationsRead, get(channels::show)),
        see("/channels/{name}", Scope::OperationsRead, get(channels::show_one)),
        form("/channels/{name}/again", Scope::OperationsWrite, post(channels::again)),
        form("/channels/{name}/read", Scope::OperationsWrite, post(channels::read)),
        form("/channels/{name}/map", Scope::OperationsWrite, post(channels::map)),
        form("/channels/{name}/access", Scope::OperationsWrite, post(channels::check_access)),
        form("/channels/{name}/place", Scope::OperationsWrite, post(channels::map_place)),
        see("/approvals", Scope::OperationsRead, get(approvals::show)),
        see("/approvals/{id}", Scope::OperationsRead, get(approvals::show_one)),
        form("/approvals/ticked/{act}", Scope::ApprovalsWrite, post(approvals::decide_ticked)),
        form("/approvals/{id}/{act}", Scope::ApprovalsWrite, post(approvals::decide)),
        see("/policy", Scope::OperationsRead, get(policy::show)),
        form("/policy", Scope::Admin, post(policy::change)),
        form("/policy/brake", Scope::ApprovalsWrite, post(policy::brake)),
        form("/policy/brake/{id}/lift", Scope::Admin, post(policy::lift)),
        see("/audit", Scope::AuditRead, get(audit::show)),
        see("/audit/export", Scope::AuditRead, get(audit::export)),
        see("/quarantine", Scope::OperationsRead, get(quarantine::show)),
        see("/quarantine/{id}", Scope::OperationsRead, get(quarantine::show_one)),
        form("/quarantine/{id}/again", Scope::OperationsWrite, post(quarantine::again)),
        form("/quarantine/{id}/aside", Scope::OperationsWrite, post(quarantine::aside)),
    ]
}

fn administration() -> Vec<Page> {
    vec![
        see("/people", Scope::Admin, get(staff::show)),
        form("/people", Scope::Admin, post(staff::add)),
        form("/people/{name}/{act}", Scope::Admin, post(staff::change)),
        see("/keys", Scope::Admin, get(keys::show)),
        form("/keys", Scope::Admin, post(keys::add)),
        form("/keys/{name}/{act}", Scope::Admin, post(keys::change)),
        own("GET", "/account", get(account::show)),
        own("POST", "/account/{act}", post(account::change)),
        // Whoever came in may go, with a key too.
        Page { route: Route { method: "POST", path: "/sign-out", access: Access::Open }, handler: post(access::leave) },
    ]
}
