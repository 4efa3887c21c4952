//! Does what a sender showed prove that it is the one? Every live secret is tried against every signature, and each
//! comparison takes a time that says nothing of it.

use crate::identity::secret::{Secret, hash_of, same};
use domain::time::Timestamp;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How far the signed moment of sending may lie from ours.
pub const WINDOW_SECONDS: i64 = 300;
/// A sender signs once for each of its keys; nobody has more.
const SIGNATURES_MAX: usize = 16;
/// An HMAC-SHA256.
const SIGNATURE_BYTES: usize = 32;

/// What a sender showed beside the body.
#[derive(Clone, Debug)]
pub enum Shown {
    /// Nothing that could be read.
    Nothing,
    /// A key.
    Key(Secret<String>),
    /// Signatures.
    Signed(Signed),
}

/// Signatures, and what they were made over beside the body.
#[derive(Clone, Debug, Default)]
pub struct Signed {
    /// The signatures, decoded.
    pub signatures: Vec<Vec<u8>>,
    /// The bytes that were signed before those of the body.
    pub before: Vec<u8>,
    /// When it was sent, where that was signed too.
    pub sent_at: Option<Timestamp>,
}

/// Why a sender is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unproved {
    /// Nothing it showed fits; which part does not is not told.
    Wrong,
    /// It knows a secret, and sent this too long ago or in the future.
    OutOfTime,
}

/// A live secret as it is compared.
#[derive(Debug)]
pub(super) enum Known {
    /// The key signatures are made with.
    MacKey(Secret<Vec<u8>>),
    /// The hash of a key that is sent along.
    Hash(Vec<u8>),
}

/// The place of the secret that fits what was shown.
pub(super) fn prove(known: &[Known], shown: &Shown, body: &[u8], now: Timestamp) -> Result<usize, Unproved> {
    match shown {
        Shown::Nothing => Err(Unproved::Wrong),
        Shown::Key(key) => {
            let hash = hash_of(key.expose());
            let fits = |one: &Known| matches!(one, Known::Hash(own) if same(own, &hash));
            known.iter().position(fits).ok_or(Unproved::Wrong)
        }
        Shown::Signed(signed) => {
            if signed.signatures.len() > SIGNATURES_MAX {
                return Err(Unproved::Wrong);
            }
            let place = known.iter().position(|one| signs(one, signed, body)).ok_or(Unproved::Wrong)?;
            // Only whoever knows a secret learns that the clocks differ.
            let in_time = signed.sent_at.is_none_or(|sent| sent.since(now).abs() <= WINDOW_SECONDS);
            if in_time { Ok(place) } else { Err(Unproved::OutOfTime) }
        }
    }
}

fn signs(known: &Known, signed: &Signed, body: &[u8]) -> bool {
    let Known::MacKey(key) = known else { return false };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose()) else { return false };
    mac.update(&signed.before);
    mac.update(body);
    let ours = mac.finalize().into_bytes();
    let fits = |theirs: &Vec<u8>| theirs.len() == SIGNATURE_BYTES && bool::from(ours.as_slice().ct_eq(theirs));
    signed.signatures.iter().filter(|theirs| fits(theirs)).count() > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_782_864_000);
    const BODY: &[u8] = br#"{"test": 2432232314}"#;

    /// The vector that Standard Webhooks print (`v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=`): `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`, id `msg_p5jXN8AQM9LWM0D4loKWxJek`,
    /// time 1614265330. Worked again by
    /// `hmac.new(base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330." + body, "sha256")`.
    const STANDARD_KEY: [u8; 24] = [
        0x31, 0xf2, 0x90, 0xf6, 0xbf, 0x06, 0x29, 0x8a, 0xab, 0x4f, 0x08, 0xd4, 0x3c, 0x3f, 0x08, 0x2c, 0xf6, 0x48,
        0xa3, 0x62, 0xda, 0x2d, 0xa4, 0xb0,
    ];
    const STANDARD_SIGNATURE: &str = "83484cf52b04f8e4cf2531adfed9882ad4b2665137b852442d594d20e2c9d4e1";
    /// `hmac.new(b"It's a Secret to Everybody", b"Hello, World!", "sha256").hexdigest()`, as GitHub prints it.
    const GITHUB_SIGNATURE: &str = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len() / 2).map(|place| u8::from_str_radix(&hex[2 * place..2 * place + 2], 16).unwrap()).collect()
    }

    fn standard(signatures: Vec<Vec<u8>>) -> Signed {
        Signed {
            signatures,
            before: b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.".to_vec(),
            sent_at: Some(Timestamp::from_seconds(1_614_265_330)),
        }
    }

    fn mac(key: &[u8]) -> Known {
        Known::MacKey(Secret::new(key.to_vec()))
    }

    #[test]
    fn the_printed_vectors_hold() {
        let at = Timestamp::from_seconds(1_614_265_330);
        let shown = Shown::Signed(standard(vec![bytes(STANDARD_SIGNATURE)]));
        assert_eq!(prove(&[mac(&STANDARD_KEY)], &shown, BODY, at), Ok(0));
        let signatures = vec![bytes(GITHUB_SIGNATURE)];
        let shown = Shown::Signed(Signed { signatures, ..Signed::default() });
        let known = [mac(b"another"), mac(b"It's a Secret to Everybody")];
        assert_eq!(prove(&known, &shown, b"Hello, World!", NOW), Ok(1), "the second of two live secrets");
        assert_eq!(prove(&known, &shown, b"Hello, World?", NOW), Err(Unproved::Wrong), "another body");
        assert_eq!(prove(&known[..1], &shown, b"Hello, World!", NOW), Err(Unproved::Wrong), "another key");
        assert_eq!(prove(&[], &shown, b"Hello, World!", NOW), Err(Unproved::Wrong));
    }

    #[test]
    fn a_moment_counts_for_five_minutes_either_way_and_only_under_a_signature() {
        let known = [mac(&STANDARD_KEY)];
        let shown = Shown::Signed(standard(vec![bytes(STANDARD_SIGNATURE)]));
        let at = |seconds: i64| prove(&known, &shown, BODY, Timestamp::from_seconds(1_614_265_330 + seconds));
        assert_eq!((at(300), at(-300)), (Ok(0), Ok(0)));
        assert_eq!((at(301), at(-301)), (Err(Unproved::OutOfTime), Err(Unproved::OutOfTime)));
        let forged = Shown::Signed(standard(vec![vec![0; 32]]));
        assert_eq!(prove(&known, &forged, BODY, NOW), Err(Unproved::Wrong), "the clock is no news to a stranger");
        let mut later = standard(vec![bytes(STANDARD_SIGNATURE)]);
        later.before = b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265331.".to_vec();
        assert_eq!(prove(&known, &Shown::Signed(later), BODY, NOW), Err(Unproved::Wrong), "the moment is signed");
    }

    #[test]
    fn one_signature_among_several_is_enough_and_too_many_are_none() {
        let known = [mac(&STANDARD_KEY)];
        let at = Timestamp::from_seconds(1_614_265_330);
        let with = |others: usize| {
            let mut signatures = vec![vec![1; 32]; others];
            signatures.push(bytes(STANDARD_SIGNATURE));
            prove(&known, &Shown::Signed(standard(signatures)), BODY, at)
        };
        assert_eq!((with(0), with(15)), (Ok(0), Ok(0)));
        assert_eq!((with(16), with(1_000)), (Err(Unproved::Wrong), Err(Unproved::Wrong)));
        let short = standard(vec![bytes(STANDARD_SIGNATURE)[..31].to_vec(), Vec::new()]);
        assert_eq!(prove(&known, &Shown::Signed(short), BODY, at), Err(Unproved::Wrong));
    }

    #[test]
    fn a_key_is_compared_by_its_hash_and_never_signs() {
        let known = [Known::Hash(hash_of("first").to_vec()), Known::Hash(hash_of("second").to_vec())];
        let key = |text: &str| Shown::Key(Secret::new(text.to_owned()));
        assert_eq!(prove(&known, &key("second"), BODY, NOW), Ok(1));
        assert_eq!(prove(&known, &key("third"), BODY, NOW), Err(Unproved::Wrong));
        assert_eq!(prove(&known, &Shown::Nothing, BODY, NOW), Err(Unproved::Wrong));
        assert_eq!(prove(&[mac(b"first")], &key("first"), BODY, NOW), Err(Unproved::Wrong), "a secret is no key");
    }
}
