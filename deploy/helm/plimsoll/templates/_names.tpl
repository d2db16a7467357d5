{{- define "plimsoll.labels" -}}
app.kubernetes.io/name: plimsoll
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
{{- define "plimsoll.selector" -}}
app.kubernetes.io/name: plimsoll
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
{{- define "plimsoll.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}
{{- define "plimsoll.webhook" -}}
admissionReviewVersions: [v1]
failurePolicy: {{ .root.Values.failurePolicy }}
matchPolicy: Equivalent
sideEffects: None
timeoutSeconds: {{ .root.Values.timeoutSeconds }}
clientConfig:
  service:
    namespace: {{ .root.Release.Namespace }}
    name: {{ .root.Release.Name }}
    path: {{ .path }}
    port: 443
namespaceSelector:
  matchExpressions:
    - key: kubernetes.io/metadata.name
      operator: NotIn
      values: {{ append .root.Values.excludedNamespaces .root.Release.Namespace | toJson }}
{{- end }}
