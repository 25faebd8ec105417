//! Instructions: documents that channels are told to make.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use flow::{Ability, Desk, State as Mind, Surface, connector};
use http::StatusCode;
use model::{
    Action, ChannelId, Command, CustomerKey, Deed, DocumentKey, Fact, InstructionEnd, InstructionId, InstructionLine,
    MakeOrder, MakePurchase, MakeRefund, MakeTransfer, Note, Person, Personal, PutCustomer, Sealed, Subject,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Caller;
use super::input::{self, Asked, Input, MaybeInput, Place};
use super::items::{MoneyValue, money};
use super::once::OnceKey;
use super::page::Page;
use super::past::{self, TellOf};
use super::problem::ApiError;
use super::{Door, ask, names};

/// A line of a document.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DocumentLineIn {
    /// SKU.
    sku: String,
    /// How much, as decimal text.
    quantity: String,
    /// Price, or cost, of one; missing = as the platform has it.
    each: Option<MoneyValue>,
}

/// A line of an order that is given back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefundLineIn {
    /// The platform's id of the line, as `GET /v1/orders/{id}` gives it.
    line: String,
    /// How much, as decimal text.
    quantity: String,
}

/// What the channel is to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Make {
    /// An order that is not paid yet, to be handed out at a location.
    Order {
        /// Location where it is handed out.
        location: String,
        /// What.
        lines: Vec<DocumentLineIn>,
        /// The platform's id of the customer.
        customer: Option<String>,
        /// For the people there.
        #[serde(default)]
        note: String,
    },
    /// Money given back.
    Refund {
        /// The platform's id of the order.
        document: String,
        /// Which of its lines; empty = money only.
        #[serde(default)]
        lines: Vec<RefundLineIn>,
        /// Location where the goods are put back; missing = they are not.
        restock_at: Option<String>,
        /// How much, tax included.
        amount: MoneyValue,
        /// Why.
        #[serde(default)]
        note: String,
    },
    /// A customer record, made or changed.
    Customer {
        /// The platform's id of the record to change; missing = a new one.
        customer: Option<String>,
        /// Given name; what is missing is left as it is.
        #[serde(default)]
        given_name: String,
        /// Family name.
        #[serde(default)]
        family_name: String,
        /// E-mail address.
        #[serde(default)]
        email: String,
        /// Telephone number.
        #[serde(default)]
        phone: String,
    },
    /// A transfer that is not sent yet.
    Transfer {
        /// Location it leaves.
        from: String,
        /// Location it goes to.
        to: String,
        /// What.
        lines: Vec<DocumentLineIn>,
        /// Why.
        #[serde(default)]
        note: String,
    },
    /// A purchase order of which nothing has arrived.
    PurchaseOrder {
        /// The supplier's name, as the platform has it.
        supplier: String,
        /// Location where it arrives.
        location: String,
        /// What, at which cost.
        lines: Vec<DocumentLineIn>,
        /// When it should arrive.
        expected: Option<String>,
        /// For the people there.
        #[serde(default)]
        note: String,
    },
}

/// An instruction to a channel.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InstructionIn {
    /// The channel that is told.
    channel: String,
    /// What it is to make.
    make: Make,
}

/// Why it is called off.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawIn {
    /// In words.
    #[serde(default)]
    reason: String,
}

/// An instruction as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InstructionOut {
    /// Its id, such as `instruction_3`.
    #[schema(example = "instruction_3")]
    pub id: String,
    /// The channel that is told.
    pub channel: String,
    /// `order`, `refund`, `customer`, `transfer` or `purchase_order`.
    #[schema(example = "refund")]
    pub make: String,
    /// `waiting`, `sent`, `made`, `refused` or `withdrawn`.
    #[schema(example = "made")]
    pub state: String,
    /// The platform's id of what was made.
    pub document: Option<String>,
    /// Why it was refused or called off.
    pub because: Option<String>,
    /// In words.
    pub words: String,
    /// Who asked for it.
    pub asked_by: String,
    /// When it was asked for.
    pub asked_at: String,
    /// When it was sent.
    pub sent_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
}

/// What the API and the pages call a deed.
pub(crate) fn kind(deed: &Deed) -> &'static str {
    match deed {
        Deed::MakeOrder(_) => "order",
        Deed::MakeRefund(_) => "refund",
        Deed::PutCustomer(_) => "customer",
        Deed::MakeTransfer(_) => "transfer",
        Deed::MakePurchase(_) => "purchase_order",
    }
}

impl Make {
    fn surface(&self) -> Surface {
        match self {
            Self::Order { .. } => Surface::MakeOrder,
            Self::Refund { .. } => Surface::MakeRefund,
            Self::Customer { .. } => Surface::WriteCustomer,
            Self::Transfer { .. } => Surface::Transfer,
            Self::PurchaseOrder { .. } => Surface::PurchaseOrder,
        }
    }
}

fn lines(mind: &Mind, sent: &[DocumentLineIn]) -> Result<Vec<InstructionLine>, ApiError> {
    let line = |(place, line): (usize, &DocumentLineIn)| {
        let each = line.each.as_ref().map(|each| money(&format!("lines[{place}].each"), each));
        Ok(InstructionLine {
            item: names::item(mind, &format!("lines[{place}].sku"), &line.sku)?,
            quantity: input::quantity(&format!("lines[{place}].quantity"), &line.quantity)?,
            each: each.transpose()?,
        })
    };
    sent.iter().enumerate().map(line).collect()
}

fn refund_lines(sent: &[RefundLineIn]) -> Result<Vec<(Note, model::Quantity)>, ApiError> {
    let line = |(place, line): (usize, &RefundLineIn)| {
        let id = Note::new(input::word(&format!("lines[{place}].line"), &line.line)?);
        Ok((id, input::quantity(&format!("lines[{place}].quantity"), &line.quantity)?))
    };
    sent.iter().enumerate().map(line).collect()
}

fn customer_key(sent: Option<&String>) -> Result<Option<CustomerKey>, ApiError> {
    sent.map(|customer| input::word("customer", customer).map(CustomerKey::new)).transpose()
}

/// What the engine is asked for. Personal fields are sealed here, before anything is decided.
fn deed(desk: &mut Desk<'_>, channel: ChannelId, once: &str, sent: &Make) -> Result<Deed, ApiError> {
    if let Make::Customer { customer, given_name, family_name, email, phone } = sent {
        let field = |name: &str, text: &str| input::text(name, text).map(str::to_owned);
        let person = Person {
            given_name: field("given_name", given_name)?,
            family_name: field("family_name", family_name)?,
            email: field("email", email)?,
            phone: field("phone", phone)?,
            address: String::new(),
        };
        if person == Person::default() {
            return Err(ApiError::invalid("given_name", "nothing is to be set: name, email and phone are all empty"));
        }
        let customer = customer_key(customer.as_ref())?;
        let subject = match &customer {
            Some(customer) => Subject::of(channel, "customer", customer.as_str()),
            None => Subject::of(channel, "instruction", once),
        };
        let person = sealed(desk, subject, person)?;
        return Ok(Deed::PutCustomer(PutCustomer { customer, person }));
    }
    document(desk.state(), sent)
}

fn sealed(desk: &mut Desk<'_>, subject: Subject, person: Person) -> Result<Sealed, ApiError> {
    match desk.seal(subject, &Personal::Plain(Box::new(person))).map_err(flow::FlowError::from)? {
        Personal::Sealed(sealed) => Ok(sealed),
        Personal::Plain(_) => Err(ApiError::Stopped),
    }
}

fn document(mind: &Mind, sent: &Make) -> Result<Deed, ApiError> {
    let note = |note: &str| input::text("note", note).map(Note::new);
    Ok(match sent {
        Make::Order { location, lines: rows, customer, note: words } => Deed::MakeOrder(MakeOrder {
            location: names::location(mind, "location", location)?,
            lines: lines(mind, rows)?,
            customer: customer_key(customer.as_ref())?,
            note: note(words)?,
        }),
        Make::Refund { document, lines, restock_at, amount, note: words } => Deed::MakeRefund(MakeRefund {
            document: DocumentKey::new(input::word("document", document)?),
            lines: refund_lines(lines)?,
            restock_at: restock_at.as_ref().map(|at| names::location(mind, "restock_at", at)).transpose()?,
            amount: money("amount", amount)?,
            note: note(words)?,
        }),
        Make::Transfer { from, to, lines: rows, note: words } => Deed::MakeTransfer(MakeTransfer {
            from: names::location(mind, "from", from)?,
            to: names::location(mind, "to", to)?,
            lines: lines(mind, rows)?,
            note: note(words)?,
        }),
        Make::PurchaseOrder { supplier, location, lines: rows, expected, note: words } => {
            Deed::MakePurchase(MakePurchase {
                supplier: Note::new(input::word("supplier", supplier)?),
                location: names::location(mind, "location", location)?,
                lines: lines(mind, rows)?,
                expected: expected.as_deref().map(|at| input::instant("expected", at)).transpose()?,
                note: note(words)?,
            })
        }
        Make::Customer { .. } => return Err(ApiError::Stopped),
    })
}

/// An action that the platform cannot do is refused here, with its reason.
fn able(mind: &Mind, channel: ChannelId, surface: Surface) -> Result<(), ApiError> {
    let Some(known) = mind.catalogue().channel(channel) else { return Ok(()) };
    let abilities = connector(known.platform).abilities();
    let listed = abilities.surfaces.iter().find(|(listed, _)| *listed == surface).map(|(_, ability)| ability);
    let reason = match listed {
        Some(Ability::Yes) => return Ok(()),
        Some(Ability::No(reason) | Ability::Unused(reason)) => *reason,
        None => "nobody has looked into it",
    };
    let platform = known.platform.name();
    Err(ApiError::NotNow { what: format!("{platform} cannot do this ({}): {reason}", surface.words()) })
}

/// Tell a channel to make a document, once.
#[utoipa::path(post, path = "/v1/instructions", tag = "instructions", request_body = InstructionIn,
    responses((status = 202, description = "Durable, and will be carried out", body = InstructionOut)))]
pub(crate) async fn tell(
    State(door): State<Arc<Door>>,
    caller: Caller,
    OnceKey(key): OnceKey,
    Input(sent): Input<InstructionIn>,
) -> Result<(StatusCode, Json<InstructionOut>), ApiError> {
    let (at, by, asked) = (door.hub.clock.now(), caller.actor(), key.clone());
    let (answer, ()) = ask::decide(&door.hub, move |desk| {
        let channel = names::channel(desk.state(), "channel", &sent.channel)?;
        able(desk.state(), channel, sent.make.surface())?;
        let once = key.as_ref().map_or_else(|| format!("{}", desk.head().next.0), ToString::to_string);
        let deed = deed(desk, channel, &once, &sent.make)?;
        Ok((vec![Command { at, by, action: Action::Instruct { channel, key, deed } }], ()))
    })
    .await?;
    let made = answer.only()?.into_iter().find_map(|fact| match fact {
        Fact::Instructed(put) => Some(put.id),
        _ => None,
    });
    let found = match (made, asked) {
        (Some(id), _) => past::instruction(&door.hub, TellOf::Id(id)).await?,
        (None, Some(key)) => past::instruction(&door.hub, TellOf::Key(key)).await?,
        (None, None) => None,
    };
    found.map(|out| (StatusCode::ACCEPTED, Json(out))).ok_or_else(|| ApiError::not_found("this instruction"))
}

/// Which instructions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct InstructionsQuery {
    /// Of one channel.
    channel: Option<String>,
    /// `waiting`, `sent`, `made`, `refused` or `withdrawn`; all when missing.
    state: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 500; 100 when missing.
    limit: Option<String>,
}

/// Instructions, newest first.
#[utoipa::path(get, path = "/v1/instructions", tag = "instructions", params(InstructionsQuery),
    responses((status = 200, description = "A page of instructions", body = Page<InstructionOut>)))]
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<InstructionsQuery>,
) -> Result<Json<Page<InstructionOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let before = query.cursor.as_deref().map(|cursor| {
        cursor
            .parse::<InstructionId>()
            .map_err(|()| ApiError::invalid("cursor", "cursor is not one that was given out"))
    });
    let channel = match query.channel {
        Some(name) => Some(ask::read(&door.hub, move |mind| names::channel(mind, "channel", &name)).await?),
        None => None,
    };
    let state = query.state.as_deref().map(past::instruction_state).transpose()?;
    past::instructions(&door.hub, channel, state, before.transpose()?, limit).await.map(Json)
}

/// One instruction.
#[utoipa::path(get, path = "/v1/instructions/{id}", tag = "instructions",
    params(("id" = String, Path, description = "Such as `instruction_3`")),
    responses((status = 200, description = "As it stands", body = InstructionOut)))]
pub(crate) async fn one(
    State(door): State<Arc<Door>>,
    Place(id): Place<String>,
) -> Result<Json<InstructionOut>, ApiError> {
    let found = past::instruction(&door.hub, TellOf::Id(input::id(&id)?)).await?;
    found.map(Json).ok_or_else(|| ApiError::not_found(id))
}

/// Call an instruction off that has not been sent yet.
#[utoipa::path(post, path = "/v1/instructions/{id}/withdraw", tag = "instructions", request_body = WithdrawIn,
    params(("id" = String, Path, description = "Such as `instruction_3`")),
    responses((status = 200, description = "Called off, and durable", body = InstructionOut)))]
pub(crate) async fn withdraw(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(id): Place<String>,
    MaybeInput(sent): MaybeInput<WithdrawIn>,
) -> Result<Json<InstructionOut>, ApiError> {
    let instruction: InstructionId = input::id(&id)?;
    let because = Note::new(input::text("reason", &sent.reason)?);
    ask::command(&door.hub, caller.actor(), move |_| {
        Ok(Action::SettleInstruction { id: instruction, end: InstructionEnd::Withdrawn { because } })
    })
    .await?;
    one(State(door), Place(id)).await
}
