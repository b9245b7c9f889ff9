package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// folderName is this program's folder in the user's state folder.
const folderName = "zec-conformance"

// StateFolder returns the folder for claims: in XDG_STATE_HOME, or where the system keeps such
// files. It returns "" if the environment names neither.
func StateFolder(env func(string) string) string { return stateFolder(runtime.GOOS, env) }

func stateFolder(system string, env func(string) string) string {
	if named := env("XDG_STATE_HOME"); filepath.IsAbs(named) {
		return filepath.Join(named, folderName)
	}
	base, below := env("HOME"), filepath.Join(".local", "state")
	switch system {
	case "windows":
		base, below = env("LOCALAPPDATA"), ""
	case "darwin":
		below = filepath.Join("Library", "Application Support")
	}
	if base == "" {
		return ""
	}
	return filepath.Join(base, below, folderName)
}

// Endpoint returns a form of an endpoint for comparisons: the host in lower case and the port. It
// does not resolve names: two names of one machine are two endpoints.
func Endpoint(address string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Hostname() == "" {
		return "", fmt.Errorf("%q is no endpoint: give scheme://host[:port]", address)
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.String() // IPv6 has several spellings
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80"}[u.Scheme]
	}
	if port == "" {
		port = "443"
	}
	return net.JoinHostPort(host, port), nil
}

var notInFileNames = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// longestName is the length of a target's name in the name of its journal.
const longestName = 80

// File returns the file name of a target's journal in a folder. It is different for every target,
// whatever the target's name.
func File(folder, target string) string {
	plain := notInFileNames.ReplaceAllString(target, "_")
	if earlier := filepath.Join(folder, "journal-"+plain+".jsonl"); plain == target && len(plain) <= longestName || isOf(earlier, target) {
		return earlier
	}
	sum := sha256.Sum256([]byte(target))
	plain = strings.Trim(plain[:min(len(plain), longestName)], "_")
	return filepath.Join(folder, strings.TrimSuffix("journal-"+plain, "-")+"-"+hex.EncodeToString(sum[:6])+".jsonl")
}

// isOf reports whether a file, named by the rules of version 1, belongs to this target.
func isOf(file, target string) bool {
	c, err := readFile(file, "")
	return err == nil && c.header.Target == target
}
