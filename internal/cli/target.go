package cli

import (
	"cmp"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/journal"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/target"
)

// targetOptions select the target of a command, and its configuration file.
type targetOptions struct {
	config, target, confirmHost string
	configText                  func() ([]byte, error) // reads the configuration file once; nil before
	endpoint                    string                 // overrides the configuration's endpoint
	contract                    string                 // the folder from the flag --contract
	out                         string                 // the folder for the journal and the reports
	journal                     string                 // a different journal file; "" means the target's own in out
	maxChanges                  int                    // overrides the configuration; 0 does not
	warned                      bool                   // a warning about a credential that is a word was printed
	waits                       *atomic.Bool           // whether to report waits before retries
	lang                        *languageFlag          // the language for people; nil means English
}

func (a *targetOptions) flags(cmd *cobra.Command) {
	a.waits = new(atomic.Bool)
	flags := cmd.Flags()
	flags.StringVar(&a.config, "config", "conformance.yaml", "the configuration file of --target")
	flags.StringVar(&a.target, "target", "", "the target of the configuration file")
	flags.StringVar(&a.endpoint, "endpoint", "", "the `URL` of the endpoint, in place of the target's; without --target, nothing may be changed there")
	flags.StringVar(&a.confirmHost, "confirm-host", "", "confirm the production host by its name")
	flags.StringVar(&a.out, "out", "reports", "the folder of the reports and of the target's journal")
}

// languageFlag adds the flag for the language of the command's output.
func (a *targetOptions) languageFlag(cmd *cobra.Command) {
	a.lang = new(languageFlag)
	cmd.Flags().Var(a.lang, "lang", "the language of what is printed: en or zh; without it, English")
}

// in returns the language of messages for people.
func (a *targetOptions) in() language.Language {
	if a.lang == nil {
		return language.English
	}
	return language.Language(*a.lang)
}

// boundFlag adds the flag that limits the changes of a run.
func (a *targetOptions) boundFlag(cmd *cobra.Command) {
	cmd.Flags().IntVar(&a.maxChanges, "max-changes", 0, "change listed instances at most so many times; without it, as often as the target's maxChanges says")
}

// read reads the target's configuration.
func (a *targetOptions) read(sys System, c *contract.Contract) (target.Config, error) {
	a.learn(sys)
	config, err := a.configuration(sys, c)
	if a.maxChanges > 0 {
		config.MaxChanges = a.maxChanges
	}
	return config, usageError(err)
}

// configuration reads the configuration of the target, or creates one for an endpoint without a
// file.
func (a *targetOptions) configuration(sys System, c *contract.Contract) (target.Config, error) {
	if a.target == "" && a.endpoint != "" {
		return target.ConfigAt(a.endpoint, sys.Env, c)
	}
	text, err := a.text(sys)
	if err != nil {
		return target.Config{}, target.Unread(err)
	}
	return target.ReadConfigAt(a.config, text, a.target, target.Place{Endpoint: a.endpoint, Default: sys.Env(target.EndpointVariable)}, c)
}

// text returns the text of the configuration file. It is read once, because a pipe, such as that of
// a process substitution, is empty the second time.
func (a *targetOptions) text(sys System) ([]byte, error) {
	if a.configText == nil {
		a.configText = sync.OnceValues(func() ([]byte, error) { return sys.readFile(a.config) })
	}
	return a.configText()
}

// credentialVariable matches the setting that names the variable of a secret.
var credentialVariable = regexp.MustCompile(`\b(?:keyPasswordEnv|tokenEnv)\s*:\s*["']?([A-Za-z_][A-Za-z0-9_]*)`)

// learn adds the secrets from the variables that the configuration names to the filter. An error in
// the file can quote any of its values, and somebody may have written a secret there.
func (a *targetOptions) learn(sys System) {
	text, _ := a.text(sys) // whoever reads the configuration reports the error
	names := []string{"ZENLAYERCLOUD_ACCESS_KEY_PASSWORD", "ZENLAYER_TOKEN"}
	for _, m := range credentialVariable.FindAllSubmatch(text, -1) {
		names = append(names, string(m[1]))
	}
	for _, name := range names {
		sys.filter.Add(secret.New(sys.Env(name)))
	}
}

// open prepares the target, even if a journal has open entries.
func (a *targetOptions) open(sys System, c *contract.Contract) (*target.Remote, error) {
	config, err := a.read(sys, c)
	if err != nil {
		return nil, err
	}
	remote, err := target.Open(config, target.Access{
		Env: sys.Env, Contract: c, ConfirmHost: a.confirmHost, Filter: sys.filter, Journal: cmp.Or(a.journal, a.out), GaveUp: sys.Signals.GivenUp(),
		State: journal.StateFolder(sys.Env), Cleanup: a.command("cleanup"), Retrying: a.retrying(sys),
	})
	if err == nil && !a.warned {
		a.warnOfWords(sys, config)
		a.warned = true
	}
	return remote, usageError(err)
}

// ready returns an error if another run is using the target, or if an earlier one has left
// something to restore.
func (a *targetOptions) ready(remote *target.Remote) error {
	if len(remote.Config.Allow) > 0 {
		if err := remote.Lock(); err != nil {
			return usageError(err)
		}
	}
	if err := remote.Ready(); err != nil {
		return usageError(a.in().Error(language.Because(err, "{0}: run {1} first", language.OfError(err), a.command("cleanup"))))
	}
	return nil
}

// command returns a shell command about the same target.
func (a *targetOptions) command(words ...string) string {
	all := append([]string{"conformance"}, words...)
	if a.lang != nil {
		all = append(all, a.lang.words()...)
	}
	if a.contract != "" {
		all = append(all, "--contract", quote(a.contract))
	}
	if a.target != "" || a.config != "conformance.yaml" {
		all = append(all, "--config", quote(a.config), "--target", quote(a.target))
	}
	if a.endpoint != "" {
		all = append(all, "--endpoint", quote(a.endpoint))
	}
	if a.confirmHost != "" {
		all = append(all, "--confirm-host", quote(a.confirmHost))
	}
	if a.out != "reports" {
		all = append(all, "--out", quote(a.out))
	}
	return strings.Join(all, " ")
}

// quote quotes any text as one word for a POSIX shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
