//! Finding texts that are known beforehand.

/// Places by hash: per hash the first, from 1, and per place the next one of its hash.
pub(crate) struct Chains<const HASHES: usize> {
    first: [u32; HASHES],
    next: Vec<u32>,
}

impl<const HASHES: usize> Chains<HASHES> {
    pub(crate) const fn new() -> Self {
        Self { first: [0; HASHES], next: vec![] }
    }

    pub(crate) fn add(&mut self, hash: usize, place: usize) {
        if self.next.len() <= place {
            self.next.resize(place + 1, 0);
        }
        self.next[place] = self.first[hash];
        self.first[hash] = u32::try_from(place + 1).unwrap_or(0);
    }

    #[inline]
    pub(crate) fn of(&self, hash: usize) -> impl Iterator<Item = usize> {
        let place = |link: u32| (link as usize).checked_sub(1);
        core::iter::successors(place(self.first[hash]), move |before| place(self.next[*before]))
    }
}

/// Texts and their places. Comparing texts is dear in a sandbox: a search by halves costs ten times what this does.
pub(crate) struct Names {
    names: Vec<&'static str>,
    chains: Chains<256>,
}

impl Names {
    pub(crate) const fn new() -> Self {
        Self { names: vec![], chains: Chains::new() }
    }

    /// The place of a text, which is the next one if it is new.
    pub(crate) fn add(&mut self, name: &'static str) -> usize {
        self.place(name).unwrap_or_else(|| {
            let place = self.names.len();
            self.chains.add(Self::hash(name), place);
            self.names.push(name);
            place
        })
    }

    fn hash(name: &str) -> usize {
        let bytes = name.as_bytes();
        let byte = |at: usize| usize::from(bytes.get(at).copied().unwrap_or_default());
        (byte(0) + 7 * byte(1) + 31 * byte(bytes.len().saturating_sub(1)) + 131 * bytes.len()) % 256
    }

    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.chains.of(Self::hash(name)).find(|place| self.names[*place] == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found() {
        let mut names = Names::new();
        assert_eq!(["a", "apt", "apt-get", "npm", "apt", "pip"].map(|name| names.add(name)), [0, 1, 2, 3, 1, 4]);
        for (name, place) in [("a", Some(0)), ("apt", Some(1)), ("apt-get", Some(2)), ("pip", Some(4)), ("pip3", None), ("", None)] {
            assert_eq!(names.place(name), place, "{name}");
        }
    }
}
