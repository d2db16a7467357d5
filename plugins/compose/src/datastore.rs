//! Data stores, brokers and their consoles: which images they are, and which ports they listen on.

use plimsoll_sdk::compose::{Field, ImageRef};

/// Last components of the images' names.
const IMAGES: [&str; 46] = [
    "postgres",
    "postgresql",
    "postgis",
    "pgvector",
    "timescaledb",
    "mysql",
    "mysql-server",
    "mariadb",
    "percona",
    "mssql",
    "server-mssql",
    "mongo",
    "mongodb",
    "redis",
    "redis-stack",
    "redis-stack-server",
    "valkey",
    "keydb",
    "dragonfly",
    "memcached",
    "elasticsearch",
    "opensearch",
    "kibana",
    "rabbitmq",
    "kafka",
    "cp-kafka",
    "zookeeper",
    "cp-zookeeper",
    "nats",
    "activemq-classic",
    "cassandra",
    "scylla",
    "couchdb",
    "couchbase",
    "neo4j",
    "influxdb",
    "clickhouse",
    "clickhouse-server",
    "cockroach",
    "etcd",
    "minio",
    "meilisearch",
    "solr",
    "rethinkdb",
    "questdb",
    "qdrant",
];

/// Ports of the container that only a data store or an administrator's interface listens on, and whose they are.
const PORTS: [(u32, &str); 41] = [
    (23, "Telnet"),
    (445, "SMB"),
    (873, "rsync"),
    (1433, "SQL Server"),
    (1521, "Oracle"),
    (2049, "NFS"),
    (2181, "ZooKeeper"),
    (2375, "the Docker API"),
    (2376, "the Docker API"),
    (2379, "etcd"),
    (3306, "MySQL"),
    (3389, "remote desktop"),
    (4222, "NATS"),
    (5432, "PostgreSQL"),
    (5601, "Kibana"),
    (5671, "AMQP"),
    (5672, "AMQP"),
    (5900, "VNC"),
    (5984, "CouchDB"),
    (6379, "Redis"),
    (6443, "the Kubernetes API"),
    (7000, "Cassandra"),
    (7199, "Cassandra"),
    (7474, "Neo4j"),
    (7687, "Neo4j"),
    (8086, "InfluxDB"),
    (8123, "ClickHouse"),
    (8500, "Consul"),
    (8983, "Solr"),
    (9042, "Cassandra"),
    (9092, "Kafka"),
    (9200, "Elasticsearch"),
    (9300, "Elasticsearch"),
    (11211, "Memcached"),
    (15672, "RabbitMQ's console"),
    (26257, "CockroachDB"),
    (27017, "MongoDB"),
    (27018, "MongoDB"),
    (28015, "RethinkDB"),
    (33060, "MySQL"),
    (61616, "ActiveMQ"),
];

/// Those of them that other programs listen on as well.
const COMMON: [u32; 9] = [4222, 7000, 8086, 8123, 8500, 8983, 9200, 9300, 61616];

/// Whether an image is a data store by its name.
pub(crate) fn is_image(image: Field<'_, ImageRef<'_>>) -> bool {
    image.name().holds(|name| IMAGES.contains(&name)).is_true()
}

/// What listens on a port of a container, if it is a data store or an administrator's interface. A port that others use too says it only of an image
/// that is a data store.
pub(crate) fn listener(port: f64, is_store: bool) -> Option<&'static str> {
    let known = |number: u32| f64::from(number) == port && (is_store || !COMMON.contains(&number));
    PORTS.iter().find(|(number, _)| known(*number)).map(|(_, what)| *what)
}
