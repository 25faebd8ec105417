//! The desk at which documents are asked for: instructions to the account, and what became of them there and here.

use bytes::Bytes;
use emulators::machine::BookDocument;
use flow::FlowError;
use model::{
    Action, Actor, Command, Currency, CustomerKey, Deed, DocumentKey, Fact, IdempotencyKey, InstructionEnd,
    InstructionId, InstructionLine, ItemId, LocationId, LocationName, MakeOrder, MakePurchase, MakeRefund,
    MakeTransfer, Money, Note, Person, Personal, PutCustomer, Quantity, Subject,
};

use crate::fixtures::supplier_call;
use crate::run::{Broken, Played, equal, hold};
use crate::stage::{HOME, IT, Stage};

/// Longer than any document takes, lost answers among them.
const MADE_MS: u64 = 300_000;

/// Of what is written on documents, for people.
pub const NOTE: &str = "asked for by phone";

impl Stage {
    /// The account is told to make a document.
    pub async fn instruct(&self, key: &str, deed: Deed) -> Played {
        let key = Some(IdempotencyKey::new(key));
        self.command(Action::Instruct { channel: self.channel(), key, deed }).await
    }

    /// The same with the answers to the next two changes lost, so that nobody knows what became of it.
    pub async fn instruct_unheard(&self, key: &str, deed: Deed) -> Played {
        let it = &self.world.platforms[IT];
        it.lose_answers(2);
        self.instruct(key, deed).await?;
        self.world.pass(MADE_MS).await;
        hold(it.answers_to_lose() < 2, || "no answer was lost".into())?;
        it.lose_answers(0);
        Ok(())
    }

    /// How every instruction ended, in the order in which they were given; none may be open.
    pub async fn ends(&self) -> Result<Vec<InstructionEnd>, Broken> {
        self.world.pass(MADE_MS).await;
        self.settle().await?;
        let (mut given, mut ended) = (Vec::new(), std::collections::BTreeMap::new());
        for fact in self.facts()? {
            match fact {
                Fact::Instructed(told) => given.push(told.id),
                Fact::InstructionSettled { id, end, .. } => drop(ended.insert(id, end)),
                _ => {}
            }
        }
        let open = |id: &InstructionId| Broken::Wrong(format!("{id} has not ended; {}", self.troubles()));
        given.iter().map(|id| ended.remove(id).ok_or_else(|| open(id))).collect()
    }

    /// The only instruction made a document: its id over there.
    pub async fn made(&self) -> Result<String, Broken> {
        match self.ends().await?.as_slice() {
            [InstructionEnd::Made { document }] => Ok(document.to_string()),
            other => Err(Broken::Wrong(format!("one document instead of {other:?}"))),
        }
    }

    /// The only instruction was refused: in which words.
    pub async fn refused(&self) -> Result<String, Broken> {
        match self.ends().await?.as_slice() {
            [InstructionEnd::Refused { because }] => Ok(because.to_string()),
            other => Err(Broken::Wrong(format!("one refusal instead of {other:?}"))),
        }
    }

    /// Documents of a kind in the account's books.
    pub fn documents(&self, kind: &str) -> Vec<BookDocument> {
        let documents = self.world.platforms[IT].books().documents;
        documents.into_iter().filter(|document| document.kind == kind).collect()
    }

    /// The document that came to those that were there before: exactly one, of this id.
    pub fn only_new(&self, kind: &str, before: &[BookDocument], id: &str) -> Result<BookDocument, Broken> {
        let mut new = self.documents(kind);
        new.retain(|document| before.iter().all(|known| known.document != document.document));
        equal("new documents", new.len(), 1)?;
        equal("the document's id", new[0].document.as_str(), id)?;
        Ok(new.remove(0))
    }

    /// The hub's number of a place.
    pub async fn place(&self, name: &str) -> Result<LocationId, Broken> {
        let name = LocationName::new(name);
        let hub = self.world.hub().map_err(|error| Broken::Wrong(error.to_string()))?;
        let found = hub.read(move |state| state.catalogue().location_named(&name).map(|known| known.location)).await;
        found.ok().flatten().ok_or_else(|| Broken::Wrong("the hub knows no such place".into()))
    }

    async fn goods(&self, sku: &str, units: u32) -> Result<Vec<InstructionLine>, Broken> {
        let item: ItemId = self.item(sku).await?.item;
        Ok(vec![InstructionLine { item, quantity: Quantity::units(units), each: None }])
    }

    /// An order of mugs, to be handed out at home.
    pub async fn order(&self, units: u32) -> Result<Deed, Broken> {
        let (location, lines) = (self.place(HOME).await?, self.goods("MUG", units).await?);
        Ok(Deed::MakeOrder(MakeOrder { location, lines, customer: None, note: Note::new(NOTE) }))
    }

    /// So much money for one unit of the first line of a document, put back at home.
    pub async fn refund(&self, reference: &str, minor: i64) -> Result<Deed, Broken> {
        let books = self.world.platforms[IT].books();
        let sold = books.lines.iter().find(|line| line.reference == reference);
        let sold = sold.ok_or_else(|| Broken::Wrong(format!("the books hold no {reference}")))?;
        let currency = Currency::parse(self.world.platforms[IT].plan.currency);
        let currency = currency.ok_or_else(|| Broken::Wrong("the account has no currency".into()))?;
        Ok(Deed::MakeRefund(MakeRefund {
            document: DocumentKey::new(&sold.document),
            lines: vec![(Note::new(&sold.line), Quantity::units(1))],
            restock_at: Some(self.place(HOME).await?),
            amount: Money { minor, currency },
            note: Note::new(NOTE),
        }))
    }

    /// Mugs that are to go to another place.
    pub async fn transfer(&self, to: &str, units: u32) -> Result<Deed, Broken> {
        let (from, to) = (self.place(HOME).await?, self.place(to).await?);
        Ok(Deed::MakeTransfer(MakeTransfer { from, to, lines: self.goods("MUG", units).await?, note: Note::new(NOTE) }))
    }

    /// The supplier is typed into the account.
    pub fn know_the_supplier(&self) -> Played {
        let it = &self.world.platforms[IT];
        let call = supplier_call(self.platform(), &it.keys.account);
        let (path, body) = call.ok_or_else(|| Broken::Wrong("the account has no suppliers".into()))?;
        let request = http::Request::builder().method("POST").uri(path);
        let request = request.header("authorization", format!("Bearer {}", it.keys.access_token));
        let request = request.header("content-type", "application/json").body(Bytes::from(body));
        let request = request.map_err(|error| Broken::Wrong(error.to_string()))?;
        let (_, response) = it.call(&request);
        hold(response.status().is_success(), || format!("the supplier is refused: {response:?}"))
    }

    /// Mugs ordered from a supplier.
    pub async fn purchase(&self, supplier: &str, units: u32) -> Result<Deed, Broken> {
        Ok(Deed::MakePurchase(MakePurchase {
            supplier: Note::new(supplier),
            location: self.place(HOME).await?,
            lines: self.goods("MUG", units).await?,
            expected: None,
            note: Note::new(NOTE),
        }))
    }

    /// A customer record, new or to be changed; the person is sealed before anything is decided.
    pub async fn keep_customer(&self, key: &str, customer: Option<&str>, person: Person) -> Played {
        let (channel, key) = (self.channel(), IdempotencyKey::new(key));
        let customer = customer.map(CustomerKey::new);
        let at = flow::Clock::now(&self.world.clock);
        let hub = self.world.hub().map_err(|error| Broken::Wrong(error.to_string()))?;
        let told = hub.flow.decide(move |desk| {
            let subject = Subject::of(channel, "instruction", key.as_str());
            let sealed = desk.seal(subject, &Personal::Plain(Box::new(person))).map_err(FlowError::from)?;
            let Personal::Sealed(person) = sealed else { return Ok(Vec::new()) };
            let action =
                Action::Instruct { channel, key: Some(key), deed: Deed::PutCustomer(PutCustomer { customer, person }) };
            Ok(vec![Command { at, by: Actor::Operator, action }])
        });
        let told = told.await.map_err(|error| Broken::Wrong(error.to_string()))?;
        hold(told.results.iter().all(Result::is_ok), || format!("the hub refuses: {:?}", told.results))
    }
}
