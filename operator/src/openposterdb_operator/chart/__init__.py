"""Files of the charts that follow from the code: CRDs, RBAC rules, dashboards, the schema of values."""
