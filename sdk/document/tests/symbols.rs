//! The permanent order of keys. A compiled plugin knows keys by number, so a key that is not in the list would shift those behind it.

#[test]
fn every_key_of_the_schema_has_its_place_for_good() {
    let frozen: Vec<&str> = include_str!("../schema/symbols").lines().collect();
    assert_eq!(plimsoll_document::schema::KEYS, frozen, "append new keys to sdk/document/schema/symbols, at its end");
}
