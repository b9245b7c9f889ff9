package recording

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// spool is a temporary file with random access. A recording may contain credentials, so everything
// on disk is encrypted with a key that only this process has.
type spool struct {
	file  *os.File
	block cipher.Block
	size  int64
}

func newSpool() (*spool, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("make a key for the spool: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make a key for the spool: %w", err)
	}
	file, err := os.CreateTemp("", "conformance-recording-")
	if err != nil {
		return nil, fmt.Errorf("make a file to copy the recording to: %w", err)
	}
	// If the system lets an open file lose its name, nothing is left behind however the process
	// ends.
	_ = os.Remove(file.Name())
	return &spool{file: file, block: block}, nil
}

// crypt encrypts or decrypts, in place, the text at an offset.
func (s *spool) crypt(text []byte, offset int64) {
	counter := make([]byte, aes.BlockSize)
	binary.BigEndian.PutUint64(counter[8:], uint64(offset/aes.BlockSize))
	stream := cipher.NewCTR(s.block, counter) //nolint:gosec // the key is used for one file, each block of it under its own counter
	skipped := make([]byte, offset%aes.BlockSize)
	stream.XORKeyStream(skipped, skipped)
	stream.XORKeyStream(text, text)
}

// Write appends text.
func (s *spool) Write(text []byte) (int, error) {
	hidden := append([]byte(nil), text...)
	s.crypt(hidden, s.size)
	n, err := s.file.Write(hidden)
	s.size += int64(n)
	return n, err
}

// ReadAt implements io.ReaderAt.
func (s *spool) ReadAt(text []byte, offset int64) (int, error) {
	n, err := s.file.ReadAt(text, offset)
	s.crypt(text[:n], offset)
	return n, err
}

// Close removes the file.
func (s *spool) Close() error {
	err := s.file.Close()
	if removed := os.Remove(s.file.Name()); removed != nil && !errors.Is(removed, fs.ErrNotExist) {
		err = errors.Join(err, removed)
	}
	return err
}
