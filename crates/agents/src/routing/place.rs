//! Where something is on the globe, and how far two places are from each other. Knows nothing of roads.

use minicbor::{Decode, Encode};
use stats::num::{asin, cos, sin};

/// Mean radius of the earth in km.
const RADIUS_KM: f64 = 6371.0;

/// A place as a point of the unit sphere, so that a distance costs one arc sine.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Place {
    #[n(0)]
    x: f64,
    #[n(1)]
    y: f64,
    #[n(2)]
    z: f64,
}

impl Place {
    /// From degrees. `None` when they are no numbers or the latitude is beyond a pole.
    pub fn degrees(latitude: f64, longitude: f64) -> Option<Self> {
        if !latitude.is_finite() || !longitude.is_finite() || latitude.abs() > 90.0 || longitude.abs() > 720.0 {
            return None;
        }
        let (lat, lon) = (latitude.to_radians(), longitude.to_radians());
        Some(Self { x: cos(lat) * cos(lon), y: cos(lat) * sin(lon), z: sin(lat) })
    }

    /// Great-circle distance in km.
    pub fn km(&self, other: &Self) -> f64 {
        let (dx, dy, dz) = (self.x - other.x, self.y - other.y, self.z - other.z);
        let chord = (dx * dx + dy * dy + dz * dz).sqrt();
        2.0 * RADIUS_KM * asin((0.5 * chord).min(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_the_globe_is_a_quarter_of_its_round() {
        let place = |lat, lon| Place::degrees(lat, lon).expect("on the globe");
        let quarter = std::f64::consts::PI * RADIUS_KM / 2.0;
        assert!((place(0.0, 0.0).km(&place(90.0, 17.0)) - quarter).abs() < 1e-6);
        assert!((place(0.0, -45.0).km(&place(0.0, 45.0)) - quarter).abs() < 1e-6);
        assert_eq!(place(12.0, 34.0).km(&place(12.0, 34.0)), 0.0);
    }

    #[test]
    fn what_is_not_on_the_globe_is_no_place() {
        assert_eq!(Place::degrees(f64::NAN, 0.0), None);
        assert_eq!(Place::degrees(90.5, 0.0), None);
        assert_eq!(Place::degrees(0.0, f64::INFINITY), None);
    }
}
