# make help lists the targets: the words after ## say what each does.
.DEFAULT_GOAL := help
.PHONY: help run test lint bench benchmark drift coverage selftest fingerprints mutants mutation shuffled interrupts fuzz golden

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: ## run the harness against the built-in mock
	go run ./cmd/conformance run

test: ## all that has to hold before a change is kept
	@scripts/test

lint: ## vet, golangci-lint and govulncheck
	scripts/lint

coverage: ## compare the contract with the scenarios
	go run ./cmd/conformance coverage

selftest: ## run the whole suite against every defect of the mock
	go run ./cmd/conformance selftest --all

fingerprints: ## meet every defect RUNS times (50) by four scenarios, within LIMIT: the fingerprints of its findings are the same in each run
	go test ./internal/selftest -count 1 -run TestAFingerprintIsTheSameInEveryRun -v -timeout 0 -fingerprint-runs $(or $(RUNS),50) -fingerprint-limit $(or $(LIMIT),0) -fingerprint-scenarios 4 -fingerprint-defects all

shuffled: ## 200 shuffled runs of the suite under the race detector: nobody is accused
	go run -race ./cmd/conformance selftest --runs 200

interrupts: ## interrupt 20 runs in each way and write the table of docs/real-endpoints.md
	go test ./cmd/conformance -count 1 -run TestTheTableOfInterrupts -interrupts 20 -resize-time 2s -parallel 8 -timeout 60m -update -v

mutants: ## change the mock's source by machine, count what the suite detects, and write the table of docs/detection.md
	go run -C tools ./mutants -root .. -explained mutants/explained.yaml -page ../docs/detection.md

benchmark: ## run the suites of other tools against N of each category's defects (8; 0: all) and print their table; needs node
	benchmarks/table $(or $(N),8)

drift: ## compare what our judge and redocly drift see in the traffic of every Nth defect (9); needs node
	scripts/drift $(or $(N),9)

mutation: ## change the source of PACKAGES by machine and count what their own tests notice (see CONTRIBUTING.md)
	go run -C tools ./mutation -root .. $(or $(PACKAGES),$(addprefix internal/,contract lifecycle verdict waiver secret sign guard journal))

bench: ## measure side by side and write docs/performance.md
	go run ./cmd/benchmark

fuzz: ## every fuzz test for ten seconds
	scripts/fuzz 10s

golden: ## write the golden files anew; read the difference before you keep it
	scripts/golden
