//! What two records are compared by, and how alike a field can be. Called by everything here; knows no weights.

use minicbor::{CborLen, Decode, Encode};

/// One thing compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Field {
    /// First given name, or a whole name that is not a person's.
    Given,
    /// Family name.
    Family,
    /// Further given names.
    Middle,
    /// Whether given and family name have changed places.
    Swap,
    /// E-mail address.
    Email,
    /// Telephone number.
    Phone,
    /// House and unit number.
    Number,
    /// Words of the street line.
    Street,
    /// Town.
    City,
    /// Postcode.
    Postcode,
    /// State or province.
    Region,
    /// Birth date.
    Birth,
    /// Loyalty or other personal number.
    Loyalty,
    /// Payment token; never a card number.
    Token,
}

/// How many fields there are.
pub const FIELDS: usize = 14;

impl Field {
    /// All, in their order.
    pub const ALL: [Self; FIELDS] = [
        Self::Given,
        Self::Family,
        Self::Middle,
        Self::Swap,
        Self::Email,
        Self::Phone,
        Self::Number,
        Self::Street,
        Self::City,
        Self::Postcode,
        Self::Region,
        Self::Birth,
        Self::Loyalty,
        Self::Token,
    ];

    /// Its place in [`Field::ALL`].
    pub fn place(self) -> usize {
        self as usize
    }

    /// Its bit in a set of fields.
    pub fn bit(self) -> u32 {
        1 << (self as u8)
    }

    /// Whether people who live together share it, so that it cannot tell them apart.
    pub fn shared_at_home(self) -> bool {
        match self {
            Self::Family
            | Self::Phone
            | Self::Number
            | Self::Street
            | Self::City
            | Self::Postcode
            | Self::Region
            | Self::Token => true,
            Self::Given | Self::Middle | Self::Swap | Self::Email | Self::Birth | Self::Loyalty => false,
        }
    }

    /// In a person's words.
    pub fn words(self) -> &'static str {
        PHRASES[self.place()][0]
    }

    /// How alike it is, in a person's words: "family name nearly equal".
    pub fn phrase(self, level: Level) -> &'static str {
        match (self, level) {
            (Self::Swap, Level::Exact) => "given and family name changed places",
            (_, Level::Missing) => PHRASES[self.place()][5],
            _ => PHRASES[self.place()][level as usize],
        }
    }
}

macro_rules! phrases {
    ($($field:literal),* $(,)?) => {
        [$([
            $field,
            concat!($field, " different"),
            concat!($field, " somewhat alike"),
            concat!($field, " nearly equal"),
            concat!($field, " equal"),
            concat!($field, " not known"),
        ]),*]
    };
}

/// The name of each field alone, and at each level.
const PHRASES: [[&str; 6]; FIELDS] = phrases![
    "given name",
    "family name",
    "further names",
    "order of the names",
    "e-mail address",
    "telephone number",
    "house number",
    "street",
    "town",
    "postcode",
    "region",
    "birth date",
    "loyalty number",
    "payment token",
];

/// How alike a field is, rising.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// One side does not have it: says nothing.
    Missing,
    /// Different.
    Else,
    /// Something in common.
    Weak,
    /// Explained by one typing error or another form of the same.
    Close,
    /// Equal; of [`Field::Swap`]: changed places.
    Exact,
}

/// How many levels there are, with [`Level::Missing`].
pub const LEVELS: usize = 5;

impl Level {
    /// All, in their order.
    pub const ALL: [Self; LEVELS] = [Self::Missing, Self::Else, Self::Weak, Self::Close, Self::Exact];
}

/// The levels of all fields of one pair, three bits each.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, CborLen)]
#[cbor(transparent)]
pub struct Pattern(#[n(0)] u64);

impl Pattern {
    /// With one more field set; it must not have been set before.
    #[must_use]
    pub fn with(self, field: Field, level: Level) -> Self {
        Self(self.0 | (level as u64) << (3 * field.place()))
    }

    /// The level of a field.
    pub fn level(self, field: Field) -> Level {
        Level::ALL[((self.0 >> (3 * field.place())) & 7).min(4) as usize]
    }

    /// With one field at another level.
    #[must_use]
    pub fn changed(self, field: Field, level: Level) -> Self {
        Self(self.0 & !(7 << (3 * field.place()))).with(field, level)
    }

    /// As a number below 2^42.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// From [`Pattern::bits`]; what is above is dropped.
    pub fn of_bits(bits: u64) -> Self {
        Self(bits & ((1 << (3 * FIELDS)) - 1))
    }
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = Field::ALL.iter().filter(|field| self.level(**field) != Level::Missing);
        f.debug_map().entries(known.map(|field| (field, self.level(*field)))).finish()
    }
}
