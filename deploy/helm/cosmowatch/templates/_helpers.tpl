{{- define "cosmowatch.name" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "cosmowatch.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "cosmowatch.labels" -}}
{{ include "cosmowatch.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- /* Asked from inside: only there no token is needed. */ -}}
{{- define "cosmowatch.probe" -}}
exec:
  command:
    - node
    - -e
    - fetch('http://127.0.0.1:7070/{{ . }}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))
{{- end -}}
