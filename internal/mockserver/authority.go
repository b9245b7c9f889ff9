package mockserver

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/wholefile"
)

// The files of a stored authority.
const (
	authorityCert = "ca.pem"
	authorityKey  = "ca.key"
)

// Authority returns the configuration for HTTPS under the names, in addition to those of this
// machine, with the authority stored in a folder. It creates the authority on the first call and
// reuses it later, so that clients need to trust it only once. caFile is its certificate.
func Authority(folder string, names []string) (config *tls.Config, caFile string, err error) {
	certFile, keyFile := filepath.Join(folder, authorityCert), filepath.Join(folder, authorityKey)
	certPEM, certErr := os.ReadFile(certFile)
	keyPEM, keyErr := os.ReadFile(keyFile)
	var a *mock.Authority
	switch {
	case errors.Is(certErr, fs.ErrNotExist) && errors.Is(keyErr, fs.ErrNotExist):
		a, err = makeAuthority(folder)
		if err != nil {
			return nil, "", fmt.Errorf("make an authority in %s: %w", folder, err)
		}
	default:
		if err = cmp.Or(certErr, keyErr); err == nil {
			a, err = mock.ReadAuthority(certPEM, keyPEM, time.Now())
		}
		if err != nil {
			return nil, "", fmt.Errorf("the authority in %s: %w; name a folder, and remove %s and %s in it for a new one", folder, err, authorityCert, authorityKey)
		}
	}
	config, err = a.Serving(time.Now(), names)
	return config, certFile, err
}

func makeAuthority(folder string) (*mock.Authority, error) {
	a, err := mock.NewAuthority(time.Now())
	if err != nil {
		return nil, err
	}
	certPEM, keyPEM, err := a.PEM()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	if err := wholefile.Write(filepath.Join(folder, authorityKey), keyPEM, 0o600); err != nil {
		return nil, err
	}
	err = wholefile.Write(filepath.Join(folder, authorityCert), certPEM, 0o644)
	if err != nil { // half an authority would be refused the next time
		_ = os.Remove(filepath.Join(folder, authorityKey))
	}
	return a, err
}
