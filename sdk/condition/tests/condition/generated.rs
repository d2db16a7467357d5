//! Expressions and values from a seed.

/// Makes expressions over `a`, `b`, `c` (any values) and `m` (a map with keys `a`, `b`, `c`).
pub(crate) struct Generator {
    state: u64,
    locals: usize,
}

impl Generator {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, locals: 0 }
    }

    fn next(&mut self, below: u64) -> u64 {
        // xorshift64*, which is plenty for picking branches.
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        (self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % below
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.next(of.len() as u64) as usize]
    }

    pub(crate) fn expression(&mut self) -> String {
        self.locals = 0;
        match self.next(4) {
            0 => self.any(4),
            _ => self.bool(4),
        }
    }

    fn bool(&mut self, depth: u32) -> String {
        if depth == 0 {
            return match self.next(6) {
                0 => self.pick(&["true", "false"]).to_owned(),
                1 => format!("has(m.{})", self.pick(&["a", "b", "c", "d"])),
                2 => format!("{} {} null", self.leaf(), self.pick(&["==", "!="])),
                _ => format!("{} {} {}", self.leaf(), self.pick(&["==", "!="]), self.leaf()),
            };
        }
        let d = depth - 1;
        match self.next(13) {
            0 | 1 => format!("({} && {})", self.bool(d), self.bool(d)),
            2 | 3 => format!("({} || {})", self.bool(d), self.bool(d)),
            4 => format!("!({})", self.bool(d)),
            5 => format!("({} ? {} : {})", self.bool(d), self.bool(d), self.bool(d)),
            6 => format!("{} {} {}", self.any(d), self.pick(&["==", "!=", "<", "<=", ">", ">="]), self.any(d)),
            7 => format!("{} in {}", self.any(d), self.list(d)),
            8 => format!("{} in m", self.pick(&["'a'", "'d'", "c", "a"])),
            9 | 10 => {
                let range = self.list(d);
                let name = self.enter();
                let body = self.bool(d);
                self.locals -= 1;
                format!("{range}.{}({name}, {body})", self.pick(&["all", "exists", "exists_one"]))
            }
            11 => {
                format!("dyn({}).{}({})", self.any(d), self.pick(&["contains", "startsWith", "endsWith"]), self.pick(&["'a'", "'x'", "''"]))
            }
            _ => format!("size({}) {} {}", self.list(d), self.pick(&["==", ">", "<"]), self.next(4)),
        }
    }

    fn enter(&mut self) -> String {
        self.locals += 1;
        format!("x{}", self.locals)
    }

    fn list(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self.pick(&["a", "b", "m.a", "m.b", "[]", "[1, 2]", "['a', a]"]).to_owned();
        }
        let d = depth - 1;
        match self.next(6) {
            0 => {
                let range = self.list(d);
                let name = self.enter();
                let body = self.bool(d);
                self.locals -= 1;
                format!("{range}.filter({name}, {body})")
            }
            1 => {
                let range = self.list(d);
                let name = self.enter();
                let body = self.any(d);
                self.locals -= 1;
                format!("{range}.map({name}, {body})")
            }
            2 => format!("[{}, {}]", self.any(d), self.any(d)),
            3 => format!("({} + {})", self.list(d), self.list(d)),
            _ => self.list(0),
        }
    }

    fn leaf(&mut self) -> String {
        match self.next(4) {
            0 if self.locals > 0 => format!("x{}", self.next(self.locals as u64) + 1),
            0 | 1 => self.pick(&["a", "b", "c", "m.a", "m.b", "m.c", "m.d", "m"]).to_owned(),
            _ => self.pick(&["1", "2", "0", "-1", "1.5", "2.0", "'a'", "'ab'", "''", "true", "false"]).to_owned(),
        }
    }

    fn any(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self.leaf();
        }
        let d = depth - 1;
        match self.next(12) {
            0 => format!("(dyn({}) {} dyn({}))", self.any(d), self.pick(&["+", "-", "*", "/", "%"]), self.any(d)),
            1 => format!("dyn({})[{}]", self.list(d), self.pick(&["0", "1", "c", "'a'"])),
            2 => format!("{{'a': {}, 'b': {}}}.{}", self.any(d), self.any(d), self.pick(&["a", "b", "c"])),
            3 => format!("({} ? dyn({}) : dyn({}))", self.bool(d), self.any(d), self.any(d)),
            4 => self.list(d),
            5 => self.bool(d),
            6 => format!("size(dyn({}))", self.any(d)),
            7 => format!("{}(dyn({}))", self.pick(&["string", "int", "double", "type", "bool"]), self.any(d)),
            8 => format!("m[{}]", self.pick(&["'a'", "'b'", "'d'", "c"])),
            9 => format!("dyn({}).{}", self.leaf(), self.pick(&["a", "b"])),
            10 => format!(
                "string(dyn({})).{}",
                self.any(d),
                self.pick(&["substring(1)", "indexOf('a')", "split('a')", "upperAscii()", "trim()", "replace('a', 'b')"])
            ),
            _ => self.leaf(),
        }
    }

    /// A value as JSON.
    pub(crate) fn value(&mut self, depth: u32) -> String {
        match self.next(if depth == 0 { 9 } else { 12 }) {
            // No null: what it means is the one thing that differs (unknowns.rs tries it).
            0 | 1 => "true".to_owned(),
            2 => "false".to_owned(),
            3 | 4 => self.pick(&["0", "1", "2", "-1"]).to_owned(),
            5 => self.pick(&["1.5", "0.25"]).to_owned(),
            6..=8 => self.pick(&["\"a\"", "\"ab\"", "\"\"", "\"1\""]).to_owned(),
            9 => format!("[{}]", (0..self.next(4)).map(|_| self.value(depth - 1)).collect::<Vec<_>>().join(",")),
            10 => {
                let same = self.value(0);
                format!("[{same},{},{}]", self.value(0), self.value(0))
            }
            _ => self.map(depth - 1),
        }
    }

    fn map(&mut self, depth: u32) -> String {
        let keys: Vec<&str> = ["a", "b", "c"].into_iter().filter(|_| self.next(4) > 0).collect();
        format!("{{{}}}", keys.into_iter().map(|key| format!("\"{key}\":{}", self.value(depth))).collect::<Vec<_>>().join(","))
    }

    /// The variables as JSON.
    pub(crate) fn variables(&mut self) -> String {
        format!("{{\"a\":{},\"b\":{},\"c\":{},\"m\":{}}}", self.value(2), self.value(2), self.value(0), self.map(1))
    }

    /// Which of the variables, or parts of `m`, are unknown.
    pub(crate) fn unknown(&mut self) -> Vec<&'static str> {
        let all = ["a", "b", "c", "m", "m.a", "m.b", "m.c"];
        let share = self.next(3);
        all.into_iter().filter(|_| self.next(8) < share).collect()
    }
}
