//! Backups while the hub works, restored elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use serde_json::json;

use super::hub::{Place, api, api_at, receive};

#[test]
fn backups_made_under_traffic_are_each_whole_and_restore_to_the_state_they_were_made_of() {
    let place = Place::of("traffic");
    let hub = place.serve();
    receive(&hub, 5);
    let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let traffic = {
        let (address, stop, done) = (hub.address.clone(), Arc::clone(&stop), Arc::clone(&done));
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let body = json!({ "sku": "MUG", "location": "Store", "quantity": "1" });
                assert_eq!(api_at(&address, "POST /v1/receipts", &body).status, 200);
                done.fetch_add(1, Ordering::Relaxed);
            }
        })
    };
    let mut made = Vec::new();
    for _ in 0..4 {
        let before = done.load(Ordering::Relaxed);
        made.push(place.well("backup -c lockstep.toml --to backups").json());
        while done.load(Ordering::Relaxed) == before {
            std::thread::yield_now();
        }
    }
    stop.store(true, Ordering::Relaxed);
    traffic.join().expect("the traffic went well");
    // Killed while it works: what was backed up before is not touched.
    drop(hub);
    for (number, backup) in made.iter().enumerate() {
        let seq = backup["seq"].as_u64().expect("a number");
        let ran = place.well(&format!("restore --from backups --at {seq} --data restored-{number}")).json();
        assert_eq!(ran["restored"], json!(true), "{ran}");
        assert_eq!((&ran["state_hash"], &ran["chain"]), (&backup["state_hash"], &backup["chain"]));
    }
    assert!(made[0]["seq"].as_u64() < made[3]["seq"].as_u64(), "{made:?}");
    let again = place.run("restore --from backups --data restored-0");
    assert_eq!(again.code, Some(2), "{again:?}");
    assert!(again.err.contains("not empty"), "{again:?}");
}

#[test]
fn a_damaged_backup_is_refused_and_a_restored_folder_serves() {
    let place = Place::of("damaged");
    let hub = place.serve();
    receive(&hub, 5);
    drop(hub.stop());
    let made = place.well("backup -c lockstep.toml --to backups").json();
    let again = place.well("backup -c lockstep.toml --to backups").json();
    assert_eq!(made["state_hash"], again["state_hash"]);
    place.well("restore --from backups --data data-2");
    std::fs::copy(place.path("data/keys/master.key"), place.path("data-2/keys/master.key")).expect("copied");
    std::fs::write(place.config(), place.configuration("data-2")).expect("write");
    let hub = place.serve();
    let positions = api(&hub, "GET /v1/positions?sku=MUG", &serde_json::Value::Null);
    assert!(positions.body.contains("\"on_hand\":\"5\""), "{positions:?}");
    drop(hub.stop());
    let files: Vec<_> = std::fs::read_dir(place.path("backups/files")).expect("files").flatten().collect();
    let largest = files.iter().max_by_key(|file| file.metadata().map(|data| data.len()).unwrap_or(0)).expect("a file");
    let mut bytes = std::fs::read(largest.path()).expect("read");
    bytes[600] ^= 1;
    std::fs::write(largest.path(), bytes).expect("write");
    let ran = place.run("restore --from backups --data data-3");
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("is damaged in the backup"), "{ran:?}");
}
