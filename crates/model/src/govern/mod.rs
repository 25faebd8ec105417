//! Words of governance: who may act where under which limits, what is proposed, and what became of it. Called by the
//! engine's gate, by the agents' followers and by pages; decides nothing.

mod act;
mod policy;
mod proposal;

pub use act::{Act, ActKind, Made};
pub use policy::{Agent, Brake, Limits, Phase, Policy, PolicyPut, Rule, Scope};
pub use proposal::{Answer, Approval, DoneAct, Proposal, Proposed, Reason, Undone, Verdict};
