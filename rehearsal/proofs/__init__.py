"""The proofs of the rehearsal: functions that return their evidence, or raise Disproved."""
