"""The whole delivery on one machine, from `git push` to an error report, with its proofs."""
