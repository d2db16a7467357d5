//! Ports that nobody should reach from everywhere.

/// SSH.
pub(crate) const SSH: u32 = 22;
/// Windows' remote desktop.
pub(crate) const RDP: u32 = 3389;
/// Plain HTTP.
pub(crate) const HTTP: u32 = 80;

/// Ports of data stores and of administrators' interfaces, SSH and remote desktop left out, and what listens there.
const SENSITIVE: [(u32, &str); 72] = [
    (20, "FTP"),
    (21, "FTP"),
    (23, "Telnet"),
    (25, "SMTP"),
    (53, "DNS"),
    (69, "TFTP"),
    (110, "POP3"),
    (111, "portmap"),
    (135, "Windows RPC"),
    (137, "NetBIOS"),
    (138, "NetBIOS"),
    (139, "NetBIOS"),
    (143, "IMAP"),
    (161, "SNMP"),
    (389, "LDAP"),
    (445, "SMB"),
    (512, "rexec"),
    (513, "rlogin"),
    (514, "rsh"),
    (636, "LDAP"),
    (873, "rsync"),
    (1433, "SQL Server"),
    (1434, "SQL Server"),
    (1521, "Oracle"),
    (2049, "NFS"),
    (2181, "ZooKeeper"),
    (2375, "the Docker API"),
    (2376, "the Docker API"),
    (2379, "etcd"),
    (2380, "etcd"),
    (2382, "SQL Server Analysis Services"),
    (2383, "SQL Server Analysis Services"),
    (2483, "Oracle"),
    (2484, "Oracle"),
    (3306, "MySQL"),
    (4505, "Salt"),
    (4506, "Salt"),
    (5432, "PostgreSQL"),
    (5500, "VNC"),
    (5601, "Kibana"),
    (5672, "AMQP"),
    (5900, "VNC"),
    (5984, "CouchDB"),
    (5985, "WinRM"),
    (5986, "WinRM"),
    (6379, "Redis"),
    (6443, "the Kubernetes API"),
    (7000, "Cassandra"),
    (7001, "Cassandra"),
    (7199, "Cassandra"),
    (7474, "Neo4j"),
    (7687, "Neo4j"),
    (8020, "HDFS"),
    (8086, "InfluxDB"),
    (8140, "Puppet"),
    (8500, "Consul"),
    (9042, "Cassandra"),
    (9092, "Kafka"),
    (9160, "Cassandra"),
    (9200, "Elasticsearch"),
    (9300, "Elasticsearch"),
    (10250, "the kubelet"),
    (11211, "Memcached"),
    (11214, "Memcached"),
    (11215, "Memcached"),
    (15672, "RabbitMQ's console"),
    (26257, "CockroachDB"),
    (27017, "MongoDB"),
    (27018, "MongoDB"),
    (50000, "Db2"),
    (50070, "HDFS"),
    (61620, "Cassandra"),
];

/// The first sensitive port that a range holds, and what listens there.
pub(crate) fn sensitive(from: u32, to: u32) -> Option<(u32, &'static str)> {
    SENSITIVE.into_iter().find(|(port, _)| (from..=to).contains(port))
}
