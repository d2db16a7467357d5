//! Logins that images come with, or that everybody writes into an example. Data, each with the page that says so.

/// What of an image's settings is a known login.
pub(crate) struct Login {
    /// Last component of the image's name.
    pub(crate) image: &'static str,
    /// The variable that decides.
    pub(crate) variable: &'static str,
    /// Values that are known, besides the words everybody tries; `*` for any, since such images only ask whether there is one.
    pub(crate) values: &'static [&'static str],
    /// What it means if the variable is not set; none if the image then refuses to start, or asks, or its releases differ.
    pub(crate) unset: Option<&'static str>,
    /// Variables that decide instead of one that is not set, or of a switch.
    pub(crate) also: &'static [&'static str],
}

const fn login(image: &'static str, variable: &'static str, values: &'static [&'static str]) -> Login {
    Login { image, variable, values, unset: None, also: &[] }
}

/// A variable that switches the password off, unless another one sets it.
const fn switch(image: &'static str, variable: &'static str, values: &'static [&'static str], also: &'static [&'static str]) -> Login {
    Login { image, variable, values, unset: None, also }
}

const MYSQL_ROOT: &[&str] = &["MYSQL_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD_FILE", "MYSQL_RANDOM_ROOT_PASSWORD"];
const MARIADB_ROOT: &[&str] = &[
    "MARIADB_ROOT_PASSWORD",
    "MARIADB_ROOT_PASSWORD_FILE",
    "MARIADB_ROOT_PASSWORD_HASH",
    "MARIADB_RANDOM_ROOT_PASSWORD",
    "MYSQL_ROOT_PASSWORD",
    "MYSQL_ROOT_PASSWORD_FILE",
    "MYSQL_RANDOM_ROOT_PASSWORD",
];

pub(crate) static LOGINS: [Login; 36] = [
    // github.com/docker-library/docs, postgres/content.md; github.com/docker-library/official-images/pull/7474
    login("postgres", "POSTGRES_PASSWORD", &["postgres"]),
    login("postgres", "POSTGRES_HOST_AUTH_METHOD", &["trust"]),
    // Made of the one above: github.com/postgis/docker-postgis, README.md
    login("postgis", "POSTGRES_PASSWORD", &["postgres"]),
    login("postgis", "POSTGRES_HOST_AUTH_METHOD", &["trust"]),
    login("timescaledb", "POSTGRES_PASSWORD", &["postgres"]),
    login("timescaledb", "POSTGRES_HOST_AUTH_METHOD", &["trust"]),
    // github.com/docker-library/mysql, docker-entrypoint.sh
    login("mysql", "MYSQL_ROOT_PASSWORD", &["mysql"]),
    switch("mysql", "MYSQL_ALLOW_EMPTY_PASSWORD", &["*"], MYSQL_ROOT),
    // mariadb.com/docs, MariaDB Server Docker Official Image Environment Variables
    login("mariadb", "MYSQL_ROOT_PASSWORD", &["mariadb"]),
    login("mariadb", "MARIADB_ROOT_PASSWORD", &["mariadb"]),
    switch("mariadb", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", &["*"], MARIADB_ROOT),
    switch("mariadb", "MYSQL_ALLOW_EMPTY_PASSWORD", &["*"], MARIADB_ROOT),
    // github.com/docker-library/docs, percona/content.md
    login("percona", "MYSQL_ROOT_PASSWORD", &[]),
    switch("percona", "MYSQL_ALLOW_EMPTY_PASSWORD", &["*"], MYSQL_ROOT),
    // github.com/docker-library/docs, mongo/content.md
    login("mongo", "MONGO_INITDB_ROOT_PASSWORD", &["mongo"]),
    // github.com/mongo-express/mongo-express/issues/1337
    login("mongo-express", "ME_CONFIG_BASICAUTH_PASSWORD", &["pass"]),
    // github.com/docker-library/docs, rabbitmq/content.md; that `guest` may come from elsewhere: github.com/docker-library/rabbitmq,
    // 10-defaults.conf
    Login {
        image: "rabbitmq",
        variable: "RABBITMQ_DEFAULT_PASS",
        values: &["guest", "rabbitmq"],
        unset: Some("guest/guest"),
        also: &["RABBITMQ_DEFAULT_PASS_FILE", "RABBITMQ_DEFAULT_USER", "RABBITMQ_DEFAULT_USER_FILE"],
    },
    // github.com/grafana/grafana, conf/defaults.ini: a hidden form leaves basic authentication
    Login {
        image: "grafana",
        variable: "GF_SECURITY_ADMIN_PASSWORD",
        values: &["admin"],
        unset: Some("admin/admin"),
        also: &["GF_SECURITY_ADMIN_PASSWORD__FILE", "GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION", "GF_AUTH_BASIC_ENABLED"],
    },
    // min.io/docs/minio/linux/reference/minio-server/settings; the image's own files: github.com/minio/docs/issues/1499
    Login {
        image: "minio",
        variable: "MINIO_ROOT_PASSWORD",
        values: &["minioadmin", "minio123"],
        unset: Some("minioadmin/minioadmin"),
        also: &["MINIO_ROOT_PASSWORD_FILE", "MINIO_SECRET_KEY", "MINIO_SECRET_KEY_FILE", "MINIO_CONFIG_ENV_FILE"],
    },
    login("minio", "MINIO_SECRET_KEY", &["minioadmin", "minio123"]),
    // elastic.co/guide, Getting started with the Elastic Stack and Docker Compose
    login("elasticsearch", "ELASTIC_PASSWORD", &["elastic", "changeme"]),
    login("elasticsearch", "xpack.security.enabled", &["false"]),
    // docs.opensearch.org, quickstart
    login("opensearch", "DISABLE_SECURITY_PLUGIN", &["true"]),
    // docs.redhat.com, Red Hat build of Keycloak 24 and 26: initial admin credentials in a container
    login("keycloak", "KEYCLOAK_ADMIN_PASSWORD", &["keycloak"]),
    login("keycloak", "KC_BOOTSTRAP_ADMIN_PASSWORD", &["keycloak"]),
    login("keycloak", "KEYCLOAK_PASSWORD", &["keycloak"]),
    // access.crunchydata.com/documentation/pgadmin4, container deployment
    login("pgadmin4", "PGADMIN_DEFAULT_PASSWORD", &["pgadmin"]),
    // github.com/microsoft/mssql-docker, README.md
    login("server", "MSSQL_SA_PASSWORD", &["yourStrong(!)Password", "Your_password123", "YourStrong!Passw0rd"]),
    login("server", "SA_PASSWORD", &["yourStrong(!)Password", "Your_password123", "YourStrong!Passw0rd"]),
    // github.com/docker-library/docs/pull/2633; `neo4j/neo4j` it refuses
    login("neo4j", "NEO4J_AUTH", &["none", "neo4j/password", "neo4j/test"]),
    // github.com/docker-library/docs, influxdb/content.md
    login("influxdb", "DOCKER_INFLUXDB_INIT_PASSWORD", &["influxdb"]),
    login("influxdb", "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN", &["my-super-secret-auth-token"]),
    // github.com/docker-library/docs, couchdb/content.md
    login("couchdb", "COUCHDB_PASSWORD", &["couchdb"]),
    // github.com/arangodb/arangodb-docker, docker-entrypoint.sh
    switch("arangodb", "ARANGO_NO_AUTH", &["*"], &["ARANGO_ROOT_PASSWORD", "ARANGO_ROOT_PASSWORD_FILE", "ARANGO_RANDOM_ROOT_PASSWORD"]),
    // github.com/sonatype/nexus-public/issues/156
    switch("nexus3", "NEXUS_SECURITY_RANDOMPASSWORD", &["false"], &["NEXUS_SECURITY_INITIAL_PASSWORD"]),
    // github.com/docker-library/docs, vault/content.md
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
            return !lower.is_empty();
        }
        let password = self.variable.to_ascii_uppercase().contains("PASS") || self.variable.contains("SECRET");
        self.values.iter().any(|known| known.eq_ignore_ascii_case(value)) || password && WORDS.contains(&lower.as_str())
    }
}
