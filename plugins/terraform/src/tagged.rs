//! Resources that take tags.

use plimsoll_sdk::terraform::Resource;

/// Resource types that everyone knows and that take `tags`. Any other type of these providers counts as soon as it writes tags itself.
const TAGGABLE: [&str; 62] = [
    "aws_acm_certificate",
    "aws_ami",
    "aws_api_gateway_rest_api",
    "aws_apigatewayv2_api",
    "aws_backup_vault",
    "aws_batch_job_queue",
    "aws_cloudfront_distribution",
    "aws_cloudtrail",
    "aws_cloudwatch_log_group",
    "aws_cloudwatch_metric_alarm",
    "aws_codebuild_project",
    "aws_db_instance",
    "aws_db_subnet_group",
    "aws_docdb_cluster",
    "aws_dynamodb_table",
    "aws_ebs_volume",
    "aws_ecr_repository",
    "aws_ecs_cluster",
    "aws_ecs_service",
    "aws_ecs_task_definition",
    "aws_efs_file_system",
    "aws_eip",
    "aws_eks_cluster",
    "aws_eks_node_group",
    "aws_elasticache_cluster",
    "aws_elasticache_replication_group",
    "aws_elasticsearch_domain",
    "aws_elb",
    "aws_emr_cluster",
    "aws_iam_role",
    "aws_iam_user",
    "aws_instance",
    "aws_internet_gateway",
    "aws_kinesis_stream",
    "aws_kms_key",
    "aws_lambda_function",
    "aws_launch_template",
    "aws_lb",
    "aws_lb_target_group",
    "aws_mq_broker",
    "aws_msk_cluster",
    "aws_nat_gateway",
    "aws_neptune_cluster",
    "aws_network_acl",
    "aws_network_interface",
    "aws_opensearch_domain",
    "aws_rds_cluster",
    "aws_redshift_cluster",
    "aws_route_table",
    "aws_route53_zone",
    "aws_s3_bucket",
    "aws_sagemaker_notebook_instance",
    "aws_secretsmanager_secret",
    "aws_security_group",
    "aws_sfn_state_machine",
    "aws_sns_topic",
    "aws_sqs_queue",
    "aws_ssm_parameter",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_endpoint",
    "aws_vpn_gateway",
];

/// Whether a resource takes tags: by its type, or because it writes some.
pub(crate) fn is_taggable(resource: Resource<'_>) -> bool {
    let Some(ty) = resource.type_().known() else { return false };
    let written = |name: &str| resource.attr(name).exists().is_true();
    TAGGABLE.contains(&ty)
        || (ty.starts_with("aws_") || ty.starts_with("azurerm_")) && written("tags")
        || ty.starts_with("google_") && written("labels")
}

/// A tag's name with what providers' customs make different left out: `ManagedBy`, `managed-by` and `managed_by` are one.
pub(crate) fn normalised(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
