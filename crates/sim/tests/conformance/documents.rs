//! Documents that a channel is told to make: made once, however often it is told and whatever is lost on the way.

use connectors::{Ability, Surface, connector};
use emulators::machine::{Act, BookDocument};
use model::{
    Action, Command, Currency, CustomerKey, Deed, DocumentKey, Fact, IdempotencyKey, InstructionEnd, InstructionLine,
    LocationId, LocationName, MakeOrder, MakePurchase, MakeRefund, MakeTransfer, Money, Note, Person, Personal,
    PutCustomer, Quantity, Sealed, Subject,
};
use sim::{Leave, SUPPLIER, habits};

use crate::fixtures::{MONEY_ALONE, MOVED_AFTERWARDS, SHELVES_APART};
use crate::run::{Broken, Played, equal, everywhere, hold};
use crate::stage::{HOME, IT, OPENING, OTHER, SECOND, Stage};

/// Longest time that one document may take, in seconds: give-ups and pauses are in it.
const TAKES_S: usize = 900;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Order,
    Refund,
    Customer,
    Transfer,
    Purchase,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Order, Self::Refund, Self::Customer, Self::Transfer, Self::Purchase];

    /// What the books call it.
    fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Refund => "refund",
            Self::Customer => "customer",
            Self::Transfer => "transfer",
            Self::Purchase => "purchase",
        }
    }

    fn surface(self) -> Surface {
        match self {
            Self::Order => Surface::MakeOrder,
            Self::Refund => Surface::MakeRefund,
            Self::Customer => Surface::WriteCustomer,
            Self::Transfer => Surface::Transfer,
            Self::Purchase => Surface::PurchaseOrder,
        }
    }
}

fn broken(error: impl std::fmt::Debug) -> Broken {
    Broken::Wrong(format!("{error:?}"))
}

async fn place(stage: &Stage, name: &str) -> Result<LocationId, Broken> {
    let (name, wanted) = (name.to_owned(), LocationName::new(name));
    let read = move |state: &flow::State| state.catalogue().location_named(&wanted).map(|it| it.location);
    let found = stage.world.hub().map_err(broken)?.read(read).await.map_err(broken)?;
    found.ok_or_else(|| Broken::Wrong(format!("the hub knows no place {name}")))
}

async fn mugs(stage: &Stage, units: u32) -> Result<Vec<InstructionLine>, Broken> {
    let item = stage.item("MUG").await?.item;
    Ok(vec![InstructionLine { item, quantity: Quantity::units(units), each: None }])
}

/// In the account's currency.
fn money(stage: &Stage, minor: i64) -> Result<Money, Broken> {
    let currency = Currency::parse(stage.world.platforms[IT].plan.currency);
    Ok(Money { minor, currency: currency.ok_or_else(|| broken("no currency"))? })
}

fn person(number: usize, family_name: &str) -> Person {
    Person {
        given_name: "Ada".into(),
        family_name: family_name.into(),
        email: format!("ada-{number}@example.com"),
        phone: format!("+44163296000{number}"),
        address: String::new(),
    }
}

async fn put(stage: &Stage, customer: Option<CustomerKey>, person: Person) -> Result<Deed, Broken> {
    let subject = Subject::of(stage.channel(), "customer", &person.email);
    let hub = stage.world.hub().map_err(broken)?;
    let (give, taken) = std::sync::mpsc::channel::<Sealed>();
    let sealed = hub.flow.decide(move |desk| {
        if let Personal::Sealed(sealed) = desk.seal(subject, &Personal::Plain(Box::new(person)))? {
            // Taken below, in this function.
            let _ = give.send(sealed);
        }
        Ok(Vec::<Command>::new())
    });
    sealed.await.map_err(broken)?;
    Ok(Deed::PutCustomer(PutCustomer { customer, person: taken.recv().map_err(broken)? }))
}

fn puts_back(stage: &Stage) -> bool {
    stage.platform() != SHELVES_APART
}

/// Something to make. A refund has a sale of its own.
async fn deed(stage: &Stage, kind: Kind, number: usize) -> Result<Deed, Broken> {
    let note = Note::new("by phone");
    Ok(match kind {
        Kind::Order => {
            let (location, lines) = (place(stage, HOME).await?, mugs(stage, 2).await?);
            Deed::MakeOrder(MakeOrder { location, lines, customer: None, note })
        }
        Kind::Refund => {
            let reference = format!("T{number}");
            stage.sell(&reference, "MUG", "3").await?;
            stage.settle().await?;
            let books = stage.world.platforms[IT].books();
            let sold = books.lines.iter().find(|line| line.reference == reference);
            let sold = sold.ok_or_else(|| Broken::Wrong("the sale is not in the books".into()))?;
            let lines = vec![(Note::new(&sold.line), Quantity::units(1))];
            let document = DocumentKey::new(&sold.document);
            let restock_at = if puts_back(stage) { Some(place(stage, HOME).await?) } else { None };
            Deed::MakeRefund(MakeRefund { document, lines, restock_at, amount: money(stage, 1_000)?, note })
        }
        Kind::Customer => put(stage, None, person(number, "Byron")).await?,
        Kind::Transfer => {
            let (from, to) = (place(stage, HOME).await?, place(stage, SECOND).await?);
            Deed::MakeTransfer(MakeTransfer { from, to, lines: mugs(stage, 2).await?, note })
        }
        Kind::Purchase => {
            let (location, lines) = (place(stage, HOME).await?, mugs(stage, 2).await?);
            Deed::MakePurchase(MakePurchase { supplier: Note::new(SUPPLIER), location, lines, expected: None, note })
        }
    })
}

async fn tell(stage: &Stage, key: &str, deed: Deed) -> Played {
    let key = Some(IdempotencyKey::new(key));
    stage.command(Action::Instruct { channel: stage.channel(), key, deed }).await
}

/// How the last instruction ended.
async fn ended(stage: &Stage) -> Result<InstructionEnd, Broken> {
    for _ in 0..TAKES_S {
        let open = |state: &flow::State| state.instructions().count();
        if stage.world.hub().map_err(broken)?.read(open).await.map_err(broken)? == 0 {
            let end = |fact| match fact {
                Fact::InstructionSettled { end, .. } => Some(end),
                _ => None,
            };
            let last = stage.facts()?.into_iter().filter_map(end).next_back();
            return last.ok_or_else(|| Broken::Wrong("nothing was told".into()));
        }
        stage.world.pass(1_000).await;
    }
    Err(Broken::Wrong(format!("it never ends: {}", stage.troubles())))
}

fn documents(stage: &Stage, kind: Kind) -> Vec<BookDocument> {
    let books = stage.world.platforms[IT].books();
    books.documents.into_iter().filter(|document| document.kind == kind.name()).collect()
}

/// It must have been made, and exactly one document more than before must be in the books.
fn one_more(stage: &Stage, kind: Kind, before: usize, end: &InstructionEnd) -> Result<BookDocument, Broken> {
    let made = match end {
        InstructionEnd::Made { document } => document.to_string(),
        other => return Err(Broken::Wrong(format!("it ended in {other:?}"))),
    };
    let documents = documents(stage, kind);
    equal("documents in the books", documents.len(), before + 1)?;
    let found = documents.iter().find(|document| document.document == made);
    found.cloned().ok_or_else(|| Broken::Wrong(format!("no {made} in {documents:?}")))
}

fn lines(document: &BookDocument) -> Result<Vec<(String, Quantity)>, Broken> {
    let line = |(sku, quantity): &(String, String)| Ok((sku.clone(), Quantity::parse(quantity).map_err(broken)?));
    document.lines.iter().map(line).collect()
}

fn says(stage: &Stage, kind: Kind, document: &BookDocument) -> Played {
    let mugs = |units: u32| vec![("MUG".to_owned(), Quantity::units(units))];
    match kind {
        Kind::Order | Kind::Purchase => {
            equal("lines", lines(document)?, mugs(2))?;
            equal("location", document.location.as_str(), HOME)
        }
        Kind::Transfer => {
            equal("lines", lines(document)?, mugs(2))?;
            equal("location", document.location.as_str(), SECOND)
        }
        Kind::Refund => {
            let named = if stage.platform() == MONEY_ALONE { Vec::new() } else { mugs(1) };
            equal("lines", lines(document)?, named)?;
            equal("money", document.amount_minor, 1_000)
        }
        Kind::Customer => hold(document.person.starts_with("Ada Byron ada-"), || document.person.clone()),
    }
}

/// Told twice under one key; told again with the answer lost; told again with the answer lost and the hub killed before
/// it could know. Each time there is one document more, and it says what was told.
async fn made_once(stage: &mut Stage, kind: Kind) -> Played {
    stage.needs(kind.surface())?;
    for number in 0..3 {
        let deed = deed(stage, kind, number).await?;
        let before = documents(stage, kind).len();
        let key = format!("k{number}");
        if number > 0 {
            stage.world.platforms[IT].lose_next_document();
        }
        tell(stage, &key, deed.clone()).await?;
        tell(stage, &key, deed).await?;
        if number == 2 {
            stage.world.pass(5_000).await;
            stage.world.kill_hub().await;
            stage.world.open_hub().await.map_err(broken)?;
        }
        let end = ended(stage).await?;
        let document = one_more(stage, kind, before, &end)?;
        says(stage, kind, &document).map_err(|why| Broken::Wrong(format!("document {number}: {why:?}")))?;
    }
    stage.in_step().await
}

#[test]
fn an_order_is_made_once() {
    everywhere("order made", |stage| Box::pin(made_once(stage, Kind::Order)));
}

#[test]
fn an_order_that_is_not_paid_holds_its_goods() {
    everywhere("order promised", |stage| Box::pin(an_order_promises(stage)));
}

/// Whatever the platform itself does with them until it is paid: they lie there, and nobody else is offered them.
async fn an_order_promises(stage: &mut Stage) -> Played {
    stage.needs(Surface::MakeOrder)?;
    let deed = deed(stage, Kind::Order, 0).await?;
    let before = documents(stage, Kind::Order).len();
    tell(stage, "promised", deed).await?;
    let end = ended(stage).await?;
    one_more(stage, Kind::Order, before, &end)?;
    stage.settle().await?;
    let (item, home) = (stage.item("MUG").await?.item, place(stage, HOME).await?);
    let held = move |state: &flow::State| {
        let position = state.positions().get(item, home);
        (position.on_hand(), position.reserved())
    };
    let (on_hand, promised) = stage.world.hub().map_err(broken)?.read(held).await.map_err(broken)?;
    let units = |units: i64| model::Level::from_units(units).map_err(broken);
    equal("on hand and promised", (on_hand, promised), (units(OPENING)?, units(2)?))?;
    stage.shows(OTHER, "MUG", HOME, &(OPENING - 2).to_string())?;
    stage.in_step().await
}

#[test]
fn an_order_is_handed_out_where_it_is_told_to_be() {
    everywhere("order made elsewhere", |stage| Box::pin(an_order_elsewhere(stage)));
}

/// Not where the web shop would take it from by itself.
async fn an_order_elsewhere(stage: &mut Stage) -> Played {
    stage.needs(Surface::MakeOrder)?;
    stage.needs(Surface::Locations)?;
    let (location, lines) = (place(stage, SECOND).await?, mugs(stage, 2).await?);
    let before = documents(stage, Kind::Order).len();
    let order = MakeOrder { location, lines, customer: None, note: Note::new("") };
    tell(stage, "elsewhere", Deed::MakeOrder(order)).await?;
    let end = ended(stage).await?;
    let document = one_more(stage, Kind::Order, before, &end)?;
    equal("location", document.location.as_str(), SECOND)?;
    stage.in_step().await?;
    if stage.platform() == MOVED_AFTERWARDS {
        // Nobody else is offered them, and home keeps its own.
        stage.shows(OTHER, "MUG", SECOND, &(OPENING - 2).to_string())?;
        stage.shows(OTHER, "MUG", HOME, &OPENING.to_string())?;
        stage.act(&Act::Fulfil { reference: document.reference })?;
        stage.lies("MUG", HOME, &OPENING.to_string()).await?;
        return stage.lies("MUG", SECOND, &(OPENING - 2).to_string()).await;
    }
    let lies = stage.on_hand("MUG", SECOND).await?;
    let untouched = model::Level::from_units(OPENING).map_err(broken)?;
    hold(lies == Some(untouched) || leaves_at_once(stage), || format!("on hand at {SECOND}: {lies:?}"))
}

/// Whether goods of an open order leave the platform's count at once.
fn leaves_at_once(stage: &Stage) -> bool {
    habits(stage.platform()).leave == Leave::WhenPlaced
}

#[test]
fn a_refund_is_made_once_and_what_came_back_is_on_the_shelf() {
    everywhere("refund made", |stage| Box::pin(a_refund(stage)));
}

async fn a_refund(stage: &mut Stage) -> Played {
    made_once(stage, Kind::Refund).await?;
    let back = if puts_back(stage) { 3 } else { 0 };
    stage.lies("MUG", HOME, &(OPENING - 3 * 3 + back).to_string()).await
}

#[test]
fn a_customer_is_made_once_and_changed() {
    everywhere("customer made", |stage| Box::pin(a_customer(stage)));
}

async fn a_customer(stage: &mut Stage) -> Played {
    made_once(stage, Kind::Customer).await?;
    let before = documents(stage, Kind::Customer);
    let first = before.iter().find(|document| document.person.contains("ada-0@"));
    let first = first.ok_or_else(|| Broken::Wrong(format!("nobody to change: {before:?}")))?;
    let married = Person { family_name: "Lovelace".into(), ..Person::default() };
    let deed = put(stage, Some(CustomerKey::new(&first.document)), married).await?;
    tell(stage, "changed", deed).await?;
    let end = ended(stage).await?;
    equal("the end", end, InstructionEnd::Made { document: Note::new(&first.document) })?;
    let after = documents(stage, Kind::Customer);
    equal("customers", after.len(), before.len())?;
    let now = after.iter().find(|document| document.document == first.document).map(|document| &document.person);
    let kept = now.is_some_and(|person| person.starts_with("Ada Lovelace ada-0@"));
    hold(kept, || format!("fields that were not said must stay: {now:?}"))
}

#[test]
fn a_transfer_is_made_once_and_moves_nothing() {
    everywhere("transfer made", |stage| Box::pin(nothing_moves(stage, Kind::Transfer)));
}

#[test]
fn a_purchase_order_is_made_once_and_nothing_has_arrived() {
    everywhere("purchase order made", |stage| Box::pin(nothing_moves(stage, Kind::Purchase)));
}

async fn nothing_moves(stage: &mut Stage, kind: Kind) -> Played {
    made_once(stage, kind).await?;
    stage.lies("MUG", HOME, &OPENING.to_string()).await
}

/// Refused with words, and nothing was made.
async fn refused(stage: &Stage, kind: Kind, deed: Deed) -> Played {
    let before = documents(stage, kind).len();
    tell(stage, "refused", deed).await?;
    match ended(stage).await? {
        InstructionEnd::Refused { because } if because.as_str().len() > 10 => {}
        other => return Err(Broken::Wrong(format!("it ended in {other:?}"))),
    }
    equal("documents in the books", documents(stage, kind).len(), before)
}

#[test]
fn a_refund_of_an_order_that_is_not_there_is_refused_in_words() {
    everywhere("refund refused", |stage| Box::pin(no_such_order(stage)));
}

async fn no_such_order(stage: &mut Stage) -> Played {
    stage.needs(Surface::MakeRefund)?;
    let (document, amount) = (DocumentKey::new("1"), money(stage, 1_000)?);
    let refund = MakeRefund { document, lines: Vec::new(), restock_at: None, amount, note: Note::new("") };
    refused(stage, Kind::Refund, Deed::MakeRefund(refund)).await?;
    stage.in_step().await
}

#[test]
fn more_money_than_was_paid_is_refused_in_words() {
    everywhere("refund too large", |stage| Box::pin(too_much_money(stage)));
}

async fn too_much_money(stage: &mut Stage) -> Played {
    stage.needs(Surface::MakeRefund)?;
    let Deed::MakeRefund(mut refund) = deed(stage, Kind::Refund, 0).await? else {
        return Err(Broken::Wrong("another deed".into()));
    };
    refund.amount = money(stage, 1_000_000)?;
    refused(stage, Kind::Refund, Deed::MakeRefund(refund)).await?;
    stage.lies("MUG", HOME, &(OPENING - 3).to_string()).await
}

#[test]
fn a_purchase_order_to_nobody_the_platform_knows_is_refused_in_words() {
    everywhere("supplier unknown", |stage| Box::pin(no_such_supplier(stage)));
}

async fn no_such_supplier(stage: &mut Stage) -> Played {
    stage.needs(Surface::PurchaseOrder)?;
    let Deed::MakePurchase(mut purchase) = deed(stage, Kind::Purchase, 0).await? else {
        return Err(Broken::Wrong("another deed".into()));
    };
    purchase.supplier = Note::new("Nobody and Sons");
    refused(stage, Kind::Purchase, Deed::MakePurchase(purchase)).await
}

#[test]
fn what_a_platform_cannot_is_refused_in_the_words_of_its_matrix() {
    everywhere("documents refused", |stage| Box::pin(what_it_cannot(stage)));
}

async fn what_it_cannot(stage: &mut Stage) -> Played {
    let dictionary = connector(stage.platform());
    for kind in Kind::ALL {
        let surfaces = dictionary.abilities().surfaces;
        let Some((_, Ability::No(why))) = surfaces.iter().find(|(listed, _)| *listed == kind.surface()) else {
            continue;
        };
        // A platform of one place has nothing to name here.
        if dictionary.documents().is_none() || (kind == Kind::Transfer && place(stage, SECOND).await.is_err()) {
            continue;
        }
        let deed = deed(stage, kind, 0).await?;
        tell(stage, kind.name(), deed).await?;
        match ended(stage).await? {
            InstructionEnd::Refused { because } if because.as_str().contains(why) => {}
            other => return Err(Broken::Wrong(format!("{kind:?} ended in {other:?}, the matrix says {why}"))),
        }
    }
    Ok(())
}
