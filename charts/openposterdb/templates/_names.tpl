{{- define "openposterdb.name" -}}
{{ .Values.nameOverride | default .Release.Name }}
{{- end }}

{{- define "openposterdb.labels" -}}
app.kubernetes.io/part-of: openposterdb
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}
