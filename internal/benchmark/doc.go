// Package benchmark measures what the harness costs next to what it is compared with,
// side by side in one run, and writes what it found as a page.
//
// It uses the loopback interface alone and bounded counts. It brings everything
// together, as the command line does, and nothing of the program may import it.
package benchmark
