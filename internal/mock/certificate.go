package mock

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"time"
)

// The validity of self-signed certificates, and of an authority that is kept.
const (
	certificateLife = 30 * 24 * time.Hour
	authorityLife   = 5 * 365 * 24 * time.Hour
)

// Authority signs the certificates of mocks. Callers trust it alone.
type Authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// NewAuthority creates an authority that is valid from an hour before now.
func NewAuthority(now time.Time) (*Authority, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 100))
	if err != nil {
		return nil, fmt.Errorf("make the mock's authority: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "conformance mock authority"},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(authorityLife),
		KeyUsage:              x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the mock's authority: %w", err)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make the mock's authority: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("make the mock's authority: %w", err)
	}
	return &Authority{cert: cert, key: key}, nil
}

// ReadAuthority reads an authority from PEM.
func ReadAuthority(certPEM, keyPEM []byte, now time.Time) (*Authority, error) {
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return nil, err
	}
	key, signs := pair.PrivateKey.(crypto.Signer)
	switch {
	case !cert.IsCA || !signs:
		return nil, errors.New("it is no authority")
	case now.After(cert.NotAfter):
		return nil, fmt.Errorf("it expired on %s", cert.NotAfter.Format(time.DateOnly))
	}
	return &Authority{cert: cert, key: key}, nil
}

// PEM returns the authority's certificate and its key.
func (a *Authority) PEM() (certPEM, keyPEM []byte, err error) {
	der, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// Serving creates a certificate for 127.0.0.1, ::1, localhost, and the given names and addresses.
// It returns the configuration for Serve.
func (a *Authority) Serving(now time.Time, names []string) (*tls.Config, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 100))
	if err != nil {
		return nil, fmt.Errorf("make the mock's certificate: %w", err)
	}
	leaf := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "conformance mock"},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(certificateLife),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, name)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the mock's certificate: %w", err)
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("make the mock's certificate: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}, nil
}

// SelfMade creates an authority whose key is discarded, and a certificate for this machine and the
// names. It returns the configuration for Serve, and the authority's certificate in PEM for clients
// to trust.
func SelfMade(now time.Time, names ...string) (config *tls.Config, caPEM []byte, err error) {
	a, err := NewAuthority(now)
	if err != nil {
		return nil, nil, err
	}
	if config, err = a.Serving(now, names); err != nil {
		return nil, nil, err
	}
	caPEM, _, err = a.PEM()
	return config, caPEM, err
}
