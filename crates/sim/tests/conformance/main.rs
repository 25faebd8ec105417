//! One suite for every platform: the same scenarios, with what a platform cannot do as data in `fixtures`.

mod access;
mod deliveries;
mod documents;
mod fixtures;
mod goods;
mod orders;
mod people;
mod returns;
mod run;
mod scale;
mod stage;
mod stock;
