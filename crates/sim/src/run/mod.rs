//! One run: traffic with faults until its steps are over, then peace, then every check.

mod api;
mod mishaps;
mod verdict;

use emulators::machine::Books;
use emulators::shell::{Fault, Faults};

use crate::traffic::{Step, Traffic};
use crate::{HubSettings, Retailer, Setup, SimError, Toy, World, on_virtual_time};

/// What is run.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Everything is drawn from it.
    pub seed: u64,
    /// Steps of traffic.
    pub steps: u32,
    /// How many of a million messages each kind of fault hits.
    pub faults_per_million: u32,
    /// Whether the hub is killed, its power cut, its disk filled, and accounts fall silent.
    pub mishaps: bool,
}

impl Plan {
    /// Everything that can go wrong does: one message in fifty, one mishap in twenty steps.
    pub fn hostile(seed: u64, steps: u32) -> Self {
        Self { seed, steps, faults_per_million: 20_000, mishaps: true }
    }

    /// Nothing goes wrong; messages only take their time.
    pub fn gentle(seed: u64, steps: u32) -> Self {
        Self { seed, steps, faults_per_million: 0, mishaps: false }
    }

    /// The command that repeats it.
    pub fn repeat_with(&self) -> String {
        let Self { seed, steps, faults_per_million, mishaps } = self;
        let calm = if *mishaps { "" } else { " --calm" };
        format!(
            "cargo run -p lockstep-sim --example vopr -- --seed {seed} --steps {steps} --faults {faults_per_million}{calm}"
        )
    }
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What is wrong; empty when all is well.
    pub findings: Vec<String>,
    /// Chain over every byte of the journal.
    pub chain: [u8; 32],
    /// Hash of the hub's state.
    pub state_hash: [u8; 32],
    /// The accounts' books at the end.
    pub books: Vec<Books>,
    /// Facts in the journal.
    pub facts: u64,
    /// Levels written to accounts.
    pub writes: u64,
    /// Steps that were carried out.
    pub accepted: u32,
    /// Times the hub was opened.
    pub opened: u64,
    /// Units that were sold or promised beyond what was there, whoever did it.
    pub oversold: usize,
    /// Virtual milliseconds.
    pub passed_ms: i64,
}

/// Runs a plan on virtual time.
///
/// # Errors
/// When the simulation itself cannot be carried out. What it finds wrong is in the outcome.
pub fn run(plan: &Plan) -> Result<Outcome, SimError> {
    on_virtual_time(Run::play(*plan))?
}

/// A run under way.
struct Run {
    world: World,
    traffic: Traffic,
    toy: Toy,
    findings: Vec<String>,
    accepted: u32,
    promises: api::Promises,
    mishaps: mishaps::Pending,
}

impl Run {
    async fn play(plan: Plan) -> Result<Outcome, SimError> {
        let retailer = Retailer::drawn(plan.seed, 6);
        let setup = Setup { seed: plan.seed, retailer: retailer.clone(), hub: HubSettings::default() };
        let world = World::ready(setup).await?;
        let mut run = Self {
            world,
            traffic: Traffic::new(plan.seed, retailer.clone(), plan.mishaps),
            toy: Toy::new(&retailer),
            findings: Vec::new(),
            accepted: 0,
            promises: api::Promises::default(),
            mishaps: mishaps::Pending::default(),
        };
        run.set_faults(plan.faults_per_million);
        for _ in 0..plan.steps {
            run.step().await?;
        }
        run.make_peace().await?;
        run.verdict().await
    }

    async fn step(&mut self) -> Result<(), SimError> {
        let pause = self.traffic.pause_ms();
        self.world.pass(pause).await;
        self.mend().await?;
        match self.traffic.next() {
            Step::Act(platform, act) => {
                let before = self.world.platforms[platform].books();
                let answer = self.world.platforms[platform].act(&act);
                self.traffic.answered(platform, &act, answer.is_ok());
                if let Ok(answer) = answer {
                    eprintln!("{} {platform} {act:?}", self.world.clock.passed_ms());
                    self.toy.accepted(platform, &act, &before, &answer);
                    self.accepted += 1;
                }
            }
            Step::Api(ask) => { eprintln!("{ask:?}"); self.ask(ask).await? }
            Step::Mishap(mishap) => self.mishap(mishap).await?,
        }
        Ok(())
    }

    /// Faults of messages. What the traffic does itself (offline sales, lost subscriptions) is left out.
    fn set_faults(&self, per_million: u32) {
        let kinds = [
            Fault::Duplicate,
            Fault::Reorder,
            Fault::Delay,
            Fault::Drop,
            Fault::TooMany,
            Fault::Broken,
            Fault::Timeout,
            Fault::Truncate,
            Fault::Skew,
        ];
        let faults = kinds.into_iter().fold(Faults::none(), |faults, kind| faults.with(kind, per_million));
        for platform in &self.world.platforms {
            platform.set_faults(faults.clone(), per_million);
        }
    }

    /// Everything works again and everything that was asked is answered.
    async fn make_peace(&mut self) -> Result<(), SimError> {
        self.set_faults(0);
        self.mend_all().await?;
        self.answer_all().await
    }
}
