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

// StateFolder returns the folder for claims: in XDG_STATE_HOME, or where the system keeps
// such files. It is "" when the environment names no such place.
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

// Endpoint returns what makes an endpoint the same as another: the host in lower case and
// the port. Names are not resolved: two names of one machine are two endpoints.
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

// longestName is how much of a target's name stands in the name of its journal.
const longestName = 80

// File returns the name of a target's journal in a folder. Two targets never share one,
// whatever their names are.
func File(folder, target string) string {
	plain := notInFileNames.ReplaceAllString(target, "_")
	if earlier := filepath.Join(folder, "journal-"+plain+".jsonl"); plain == target && len(plain) <= longestName || isOf(earlier, target) {
		return earlier
	}
	sum := sha256.Sum256([]byte(target))
	plain = strings.Trim(plain[:min(len(plain), longestName)], "_")
	return filepath.Join(folder, strings.TrimSuffix("journal-"+plain, "-")+"-"+hex.EncodeToString(sum[:6])+".jsonl")
}

// isOf reports whether a file, named as version 1 named the journals of several targets,
// is that of this one.
func isOf(file, target string) bool {
	c, err := readFile(file, "")
	return err == nil && c.header.Target == target
}
