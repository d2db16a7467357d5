//! Logins that images come with, or that everybody writes into an example. Data, each from the page of the image itself (hub.docker.com or the
//! project's documentation).

/// What of an image's settings is a known login.
pub(crate) struct Login {
    /// Last component of the image's name.
    pub(crate) image: &'static str,
    /// The variable that decides.
    pub(crate) variable: &'static str,
    /// Values that are known, besides the words everybody tries; `*` for any that is not false.
    pub(crate) values: &'static [&'static str],
    /// What it means if the variable and `also` are not set; none if the image then refuses to start, or asks.
    pub(crate) unset: Option<&'static str>,
    /// Other variables that may decide it.
    pub(crate) also: &'static [&'static str],
}

const fn login(image: &'static str, variable: &'static str, values: &'static [&'static str]) -> Login {
    Login { image, variable, values, unset: None, also: &[] }
}

pub(crate) static LOGINS: [Login; 33] = [
    login("postgres", "POSTGRES_PASSWORD", &["postgres"]),
    login("postgres", "POSTGRES_HOST_AUTH_METHOD", &["trust"]),
    login("postgis", "POSTGRES_PASSWORD", &["postgres"]),
    login("postgis", "POSTGRES_HOST_AUTH_METHOD", &["trust"]),
    login("timescaledb", "POSTGRES_PASSWORD", &["postgres"]),
    login("mysql", "MYSQL_ROOT_PASSWORD", &["mysql"]),
    login("mysql", "MYSQL_ALLOW_EMPTY_PASSWORD", &["*"]),
    login("mariadb", "MYSQL_ROOT_PASSWORD", &["mariadb"]),
    login("mariadb", "MARIADB_ROOT_PASSWORD", &["mariadb"]),
    login("mariadb", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", &["*"]),
    login("mariadb", "MYSQL_ALLOW_EMPTY_PASSWORD", &["*"]),
    login("percona", "MYSQL_ROOT_PASSWORD", &[]),
    login("percona", "MYSQL_ALLOW_EMPTY_PASSWORD", &["*"]),
    login("mongo", "MONGO_INITDB_ROOT_PASSWORD", &["mongo"]),
    login("rabbitmq", "RABBITMQ_DEFAULT_PASS", &["guest", "rabbitmq"]),
    Login {
        image: "grafana",
        variable: "GF_SECURITY_ADMIN_PASSWORD",
        values: &["admin"],
        unset: Some("admin/admin"),
        also: &["GF_SECURITY_ADMIN_PASSWORD__FILE", "GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION", "GF_AUTH_DISABLE_LOGIN_FORM"],
    },
    Login {
        image: "minio",
        variable: "MINIO_ROOT_PASSWORD",
        values: &["minioadmin", "minio123"],
        unset: Some("minioadmin/minioadmin"),
        also: &["MINIO_ROOT_PASSWORD_FILE", "MINIO_SECRET_KEY", "MINIO_CONFIG_ENV_FILE"],
    },
    login("minio", "MINIO_SECRET_KEY", &["minioadmin", "minio123"]),
    login("elasticsearch", "ELASTIC_PASSWORD", &["elastic", "changeme"]),
    login("elasticsearch", "xpack.security.enabled", &["false"]),
    login("opensearch", "DISABLE_SECURITY_PLUGIN", &["*"]),
    login("keycloak", "KEYCLOAK_ADMIN_PASSWORD", &["keycloak"]),
    login("keycloak", "KC_BOOTSTRAP_ADMIN_PASSWORD", &["keycloak"]),
    login("keycloak", "KEYCLOAK_PASSWORD", &["keycloak"]),
    login("pgadmin4", "PGADMIN_DEFAULT_PASSWORD", &["pgadmin"]),
    login("server", "MSSQL_SA_PASSWORD", &["yourStrong(!)Password", "Your_password123", "YourStrong!Passw0rd"]),
    login("server", "SA_PASSWORD", &["yourStrong(!)Password", "Your_password123", "YourStrong!Passw0rd"]),
    login("neo4j", "NEO4J_AUTH", &["none", "neo4j/neo4j", "neo4j/password", "neo4j/test"]),
    login("influxdb", "DOCKER_INFLUXDB_INIT_PASSWORD", &["influxdb"]),
    login("couchdb", "COUCHDB_PASSWORD", &["couchdb"]),
    login("arangodb", "ARANGO_NO_AUTH", &["*"]),
    login("nexus3", "NEXUS_SECURITY_RANDOMPASSWORD", &["false"]),
    login("vault", "VAULT_DEV_ROOT_TOKEN_ID", &["root", "myroot"]),
];

/// What everybody tries first.
const WORDS: [&str; 24] = [
    "admin",
    "root",
    "password",
    "passwd",
    "pass",
    "secret",
    "test",
    "example",
    "changeme",
    "change_me",
    "changethis",
    "default",
    "user",
    "guest",
    "1234",
    "12345",
    "123456",
    "12345678",
    "qwerty",
    "letmein",
    "welcome",
    "toor",
    "password123",
    "admin123",
];

impl Login {
    /// Whether a value is known.
    pub(crate) fn knows(&self, value: &str) -> bool {
        let lower = value.trim().to_ascii_lowercase();
        if self.values.contains(&"*") {
            return !matches!(lower.as_str(), "" | "0" | "no" | "false" | "off");
        }
        let password = self.variable.to_ascii_uppercase().contains("PASS") || self.variable.contains("SECRET");
        self.values.iter().any(|known| known.eq_ignore_ascii_case(value)) || password && WORDS.contains(&lower.as_str())
    }
}
