//! The instructions that BuildKit knows.

/// An instruction's keyword.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
}

const ALL: [(Keyword, &str); 18] = [
    (Keyword::Run, "RUN"),
    (Keyword::Copy, "COPY"),
    (Keyword::Env, "ENV"),
    (Keyword::From, "FROM"),
    (Keyword::Arg, "ARG"),
    (Keyword::Label, "LABEL"),
    (Keyword::Workdir, "WORKDIR"),
    (Keyword::Cmd, "CMD"),
    (Keyword::Entrypoint, "ENTRYPOINT"),
    (Keyword::User, "USER"),
    (Keyword::Expose, "EXPOSE"),
    (Keyword::Add, "ADD"),
    (Keyword::Volume, "VOLUME"),
    (Keyword::Shell, "SHELL"),
    (Keyword::Healthcheck, "HEALTHCHECK"),
    (Keyword::Maintainer, "MAINTAINER"),
    (Keyword::Onbuild, "ONBUILD"),
    (Keyword::Stopsignal, "STOPSIGNAL"),
];

impl Keyword {
    /// The keyword that a word is, whatever its case.
    pub(crate) fn of(word: &str) -> Option<Self> {
        ALL.iter().find(|(_, name)| name.eq_ignore_ascii_case(word)).map(|(keyword, _)| *keyword)
    }

    /// Its name in upper case.
    pub(crate) fn name(self) -> &'static str {
        ALL.iter().find(|(keyword, _)| *keyword == self).map_or("", |(_, name)| name)
    }
}
