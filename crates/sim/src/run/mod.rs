//! One run: traffic with faults until its steps are over, then peace, then every check.

mod api;
mod counting;
mod mishaps;
mod verdict;

use std::collections::BTreeSet;

use connectors::Surface;
use emulators::machine::{Act, Books};
use emulators::shell::{Fault, Faults};

use crate::traffic::{Step, Traffic};
use crate::{Retailer, Seen, Setup, SimError, Toy, World, cannot, habits, on_virtual_time};

/// Which retailer a run is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// Two accounts.
    TwoShops,
    /// An account on every platform.
    EveryPlatform,
}

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
    /// Who takes part.
    pub cast: Cast,
}

impl Plan {
    /// Everything that can go wrong does: one message in fifty, one mishap in twenty steps.
    pub fn hostile(seed: u64, steps: u32) -> Self {
        Self { seed, steps, faults_per_million: 20_000, mishaps: true, cast: Cast::TwoShops }
    }

    /// Nothing goes wrong; messages only take their time.
    pub fn gentle(seed: u64, steps: u32) -> Self {
        Self { seed, steps, faults_per_million: 0, mishaps: false, cast: Cast::TwoShops }
    }

    /// The same with this cast.
    #[must_use]
    pub fn with(self, cast: Cast) -> Self {
        Self { cast, ..self }
    }

    fn retailer(&self) -> Retailer {
        let mut retailer = match self.cast {
            Cast::TwoShops => Retailer::two_shops_drawn(self.seed, 6),
            Cast::EveryPlatform => Retailer::every_platform(self.seed),
        };
        // Clocks are off by up to two minutes, each by its own, for the whole run.
        let faults = Faults::none().with(Fault::Skew, self.faults_per_million);
        for (number, account) in retailer.accounts.iter_mut().enumerate() {
            account.skew_ms = faults.skew(self.seed.wrapping_mul(2).wrapping_add(number as u64));
        }
        retailer
    }

    /// The command that repeats it.
    pub fn repeat_with(&self) -> String {
        let Self { seed, steps, faults_per_million, mishaps, cast } = self;
        let calm = if *mishaps { "" } else { " --calm" };
        let cast = if *cast == Cast::TwoShops { "" } else { " --all" };
        format!(
            "cargo run -p lockstep-sim --example vopr -- --seed {seed} --steps {steps} --faults {faults_per_million}{calm}{cast}"
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
    /// What happened, step by step, for people who look for the cause of a finding.
    pub story: Vec<String>,
    /// What the hub made of it, for the same people.
    pub journal: Vec<model::Entry>,
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
    story: Vec<String>,
    accepted: u32,
    promises: api::Promises,
    mishaps: mishaps::Pending,
    /// Whether messages are cut off on their way.
    /// Orders that customers fetch themselves.
    for_pickup: BTreeSet<String>,
}

impl Run {
    async fn play(plan: Plan) -> Result<Outcome, SimError> {
        let retailer = plan.retailer();
        let world = World::ready(Setup::new(plan.seed, retailer.clone())).await?;
        let opened = world.clock.ms() - world.clock.passed_ms();
        let mut run = Self {
            world,
            traffic: Traffic::new(plan.seed, retailer.clone(), plan.mishaps),
            toy: Toy::new(&retailer, opened),
            findings: Vec::new(),
            story: Vec::new(),
            accepted: 0,
            promises: api::Promises::default(),
            mishaps: mishaps::Pending::default(),
            for_pickup: BTreeSet::new(),
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
            Step::Act(platform, act) => self.act(platform, act).await?,
            Step::Api(ask) => {
                self.tell(&format!("{ask:?}"));
                self.ask(ask).await?;
            }
            Step::Mishap(mishap) => {
                self.tell(&format!("{mishap:?}"));
                self.mishap(mishap).await?;
            }
        }
        Ok(())
    }

    fn tell(&mut self, what: &str) {
        self.story.push(format!("{} ms: {what}", self.world.clock.passed_ms()));
    }

    async fn act(&mut self, number: usize, act: Act) -> Result<(), SimError> {
        if self.must_wait(number, &act) && self.world.open().await?.is_some() {
            // What the toy would have to say then depends on what the counting person saw.
            return Ok(());
        }
        let platform = &self.world.platforms[number];
        let (before, at) = (platform.books(), platform.now_ms());
        let answer = platform.act(&act);
        self.traffic.answered(number, &act, answer.is_ok());
        if let Ok(answer) = answer {
            if let Act::WebOrder { reference, pickup: Some(_), .. } = &act {
                self.for_pickup.insert(reference.clone());
            }
            let name = self.world.platforms[number].name();
            self.tell(&format!("{name} {act:?} -> {answer}"));
            self.toy.accepted(number, &act, &Seen { before, at, answer });
            self.accepted += 1;
        }
        Ok(())
    }

    /// Counts at home wait until nothing is under way where they are put in the order of their dates, so that a count is
    /// right whatever is under way; and so does whatever is changed by hand where a level can only be set, so that our
    /// own write would be laid over it.
    fn must_wait(&self, number: usize, act: &Act) -> bool {
        let platform = self.world.platforms[number].plan.platform;
        let only_set = cannot(platform, Surface::WriteRelative) && cannot(platform, Surface::WriteCompared);
        let at_home = |location: &str| self.world.retailer().home_of(location) == Some(number);
        match act {
            // Nor can anybody see at a zero how far below it the truth lies, where no number goes below.
            Act::Count { location, .. } => {
                at_home(location) && (habits(platform).dated || only_set || !habits(platform).below_zero)
            }
            Act::Adjust { location, .. } => at_home(location) && only_set,
            // Nor would anybody learn of an order that was picked up and refunded before it was read.
            Act::Return { of: Some(of), .. } => habits(platform).status_only && self.for_pickup.contains(of),
            _ => false,
        }
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
