# The verbs a person types; each one is a program in bin/.
.DEFAULT_GOAL := help
.PHONY: run test lint format shell debug lock bench rehearse help

run: ## serve the populated site with reload on http://127.0.0.1:8000 (PORT=... for another)
	@bin/run

test: ## lint, then every test that needs no Docker
	@bin/test

lint: ## style, formatting, Django's checks for production, missing migrations
	@bin/lint

format: ## lay out the Python files and the templates
	@bin/format

shell: ## a Python shell with every model imported
	@bin/shell

debug: ## serve with the Werkzeug debugger and the debug toolbar
	@bin/debug

lock: ## recompile requirements*.txt, with hashes, from the .in files
	@bin/lock

bench: ## measure the pages side by side with bare gunicorn
	@bin/bench

rehearse: ## a push goes the whole way to a monitored site, on this machine (needs Docker; KEEP=1)
	@bin/rehearse

help: ## list these verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
