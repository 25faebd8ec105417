//! Documents that a channel was told to make, one after the other, each once.
//!
//! One clerk per channel, apart from the sender of levels, so that neither waits for the other. An instruction is
//! durable as sent, with its exact body, before the platform hears of it; what nobody knows the outcome of is carried
//! out again under the same reference, which makes it the same one over there.

use std::sync::Arc;

use connectors::{Document, DocumentLine, Made, Making, Reply, Run, Trouble, document_reference};
use dispatch::Lane;
use engine::{OpenInstruction, State};
use model::{
    Action, Actor, Command, Deed, InstructionEnd, InstructionId, InstructionLine, LocationId, Note, Refusal, Sealed,
};
use tokio::sync::watch;

use crate::{Desk, Flow, FlowError, Link, Lost};

/// Requests that one run may take.
const STEPS_MAX: usize = 200;

/// Makes documents on one channel.
#[derive(Debug)]
pub struct Clerk {
    flow: Flow,
    link: Arc<Link>,
}

/// What is to be done next.
struct Task {
    id: InstructionId,
    /// The exact body, when it was sent before.
    body: Option<Vec<u8>>,
    document: Result<Document, String>,
}

impl Clerk {
    /// A clerk with nothing at hand.
    pub fn new(flow: Flow, link: Arc<Link>) -> Self {
        Self { flow, link }
    }

    /// Works until `stop` turns true.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut head = self.flow.watch();
        while !*stop.borrow() {
            match self.round().await {
                Ok(true) => {}
                Ok(false) => tokio::select! {
                    biased;
                    changed = stop.changed() => if changed.is_err() { return },
                    changed = head.changed() => if changed.is_err() { return },
                },
                Err(FlowError::Stopped) => return,
                Err(error) => {
                    tracing::debug!(channel = %self.link.settings.name, %error, "an instruction is put off");
                    tokio::time::sleep(self.link.backoff()).await;
                }
            }
        }
    }

    /// One instruction. Answers whether there was any.
    async fn round(&self) -> Result<bool, FlowError> {
        let link = Arc::clone(&self.link);
        let Some(task) = self.flow.look(move |desk| task(desk, &link)).await? else { return Ok(false) };
        let end = match &task.document {
            Err(because) => Some(InstructionEnd::Refused { because: Note::new(because) }),
            Ok(document) => self.make(&task, document).await?,
        };
        match end {
            Some(end) => self.end(task.id, end).await?,
            // Nobody knows what became of it: the same again, later.
            None => tokio::time::sleep(self.link.backoff()).await,
        }
        Ok(true)
    }

    async fn make(&self, task: &Task, document: &Document) -> Result<Option<InstructionEnd>, FlowError> {
        let refused = |reason: &str| Ok(Some(InstructionEnd::Refused { because: Note::new(reason) }));
        let Some(documents) = self.link.connector.documents() else {
            return refused("documents cannot be made on this platform by program");
        };
        let (body, first) = match &task.body {
            Some(body) => (body.clone(), false),
            None => match documents.compose(document, &self.link.account(Vec::new()).await) {
                Ok(body) => (body, true),
                Err(error) => return refused(&error.to_string()),
            },
        };
        if first && !self.sent(task.id, document, &body).await? {
            return Ok(None);
        }
        let mut replies: Vec<Reply> = Vec::new();
        let mut renewed = false;
        while replies.len() <= STEPS_MAX {
            let account = self.link.account(Vec::new()).await;
            match documents.step(document, &body, &account, &Run { first, replies: &replies }) {
                Ok(Made::Done(id)) => {
                    self.link.well();
                    self.link.meter.count("lockstep_documents_made_total", self.link.label(), 1);
                    return Ok(Some(InstructionEnd::Made { document: Note::new(&id) }));
                }
                Ok(Made::Send(request)) => match self.link.request(*request, Lane::Read).await {
                    Ok(reply) => replies.push(reply),
                    Err(Lost::NotSent(_) | Lost::NoReply(_)) => return Ok(None),
                },
                Err(Trouble::Refused { reason }) => return refused(&reason),
                // Nothing was done: the same step again, when there is budget.
                Err(trouble @ Trouble::Throttled { .. }) => {
                    self.link.trouble(&trouble);
                    replies.pop();
                }
                Err(trouble @ Trouble::Denied { .. }) => {
                    self.link.trouble(&trouble);
                    if renewed || !self.link.renew(&account.token).await {
                        return Ok(None);
                    }
                    renewed = true;
                    replies.pop();
                }
                Err(trouble @ (Trouble::Failed { .. } | Trouble::Garbled { .. })) => {
                    self.link.trouble(&trouble);
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }

    /// Makes it durable that it is on its way. False = it was called off meanwhile.
    async fn sent(&self, id: InstructionId, document: &Document, body: &[u8]) -> Result<bool, FlowError> {
        let (at, plain) = (self.link.clock.now(), body.to_vec());
        let personal = matches!(document.making, Making::Customer { .. });
        let made = self.flow.decide(move |desk| {
            let Some(open) = desk.state().instruction(id) else { return Ok(Vec::new()) };
            let (body, sealed) = match &open.instructed.deed {
                Deed::PutCustomer(put) if personal => {
                    let subject = put.person.subject;
                    (Vec::new(), Some(Sealed { subject, bytes: desk.seal_bytes(subject, &plain)? }))
                }
                _ => (plain, None),
            };
            Ok(vec![Command { at, by: Actor::System, action: Action::SendInstruction { id, body, sealed } }])
        });
        Ok(matches!(made.await?.results.first(), Some(Ok(_))))
    }

    async fn end(&self, id: InstructionId, end: InstructionEnd) -> Result<(), FlowError> {
        let action = Action::SettleInstruction { id, end };
        match self.flow.command(Command { at: self.link.clock.now(), by: Actor::System, action }).await {
            // Somebody called it off meanwhile.
            Err(FlowError::Refused(Refusal::NotNow { .. })) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// What is on its way comes first: nothing else is begun while nobody knows what became of it.
fn task(desk: &Desk<'_>, link: &Link) -> Option<Task> {
    let state = desk.state();
    let ours = || state.instructions().filter(|open| open.instructed.channel == link.channel);
    let open = ours().find(|open| open.sent.is_some()).or_else(|| ours().next())?;
    let body = match &open.sent {
        None => None,
        Some(sent) => match &sent.sealed {
            None => Some(sent.body.clone()),
            Some(sealed) => match desk.unseal_bytes(sealed) {
                Some(body) => Some(body),
                None => return Some(erased(open)),
            },
        },
    };
    Some(Task { id: open.instructed.id, body, document: document(desk, link, open) })
}

fn erased(open: &OpenInstruction) -> Task {
    Task { id: open.instructed.id, body: None, document: Err("the person was erased meanwhile".into()) }
}

fn document(desk: &Desk<'_>, link: &Link, open: &OpenInstruction) -> Result<Document, String> {
    let state = desk.state();
    let lines = |lines: &[InstructionLine]| -> Result<Vec<DocumentLine>, String> {
        lines.iter().map(|line| line_there(state, link, line)).collect()
    };
    let place = |location: LocationId| {
        let known = state.catalogue().external_location(link.channel, location).cloned();
        known.ok_or_else(|| format!("{location} is not a location of this channel any more"))
    };
    let (note, making) = match &open.instructed.deed {
        Deed::MakeOrder(order) => {
            let (location, lines) = (place(order.location)?, lines(&order.lines)?);
            (order.note.to_string(), Making::Order { location, lines, customer: order.customer.clone() })
        }
        Deed::MakeRefund(refund) => {
            let making = Making::Refund {
                order: refund.document.clone(),
                lines: refund.lines.iter().map(|(line, quantity)| (line.to_string(), *quantity)).collect(),
                restock_at: refund.restock_at.map(place).transpose()?,
                amount: refund.amount,
            };
            (refund.note.to_string(), making)
        }
        Deed::PutCustomer(put) => {
            let person = desk.unseal(&put.person).ok_or("the person was erased meanwhile")?;
            (String::new(), Making::Customer { customer: put.customer.clone(), person })
        }
        Deed::MakeTransfer(transfer) => {
            let (from, to) = (place(transfer.from)?, place(transfer.to)?);
            (transfer.note.to_string(), Making::Transfer { from, to, lines: lines(&transfer.lines)? })
        }
        Deed::MakePurchase(purchase) => {
            let making = Making::Purchase {
                supplier: purchase.supplier.to_string(),
                location: place(purchase.location)?,
                lines: lines(&purchase.lines)?,
                expected: purchase.expected,
            };
            (purchase.note.to_string(), making)
        }
    };
    let reference = document_reference(link.settings.name.as_str(), open.instructed.id.0);
    Ok(Document { reference, asked_at: open.asked_at, note, making })
}

fn line_there(state: &State, link: &Link, line: &InstructionLine) -> Result<DocumentLine, String> {
    let external = state.catalogue().external_item(link.channel, line.item).cloned();
    let external = external.ok_or_else(|| format!("{} is not an item of this channel any more", line.item))?;
    Ok(DocumentLine {
        external,
        aliases: state.catalogue().aliases(link.channel, line.item).cloned().collect(),
        quantity: line.quantity,
        each: line.each,
    })
}
