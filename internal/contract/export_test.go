package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/spec"
)

// TestAnExportedActionIsAPlainDocument reads each export with a library that knows
// nothing of this contract, and finds a request's route in it.
func TestAnExportedActionIsAPlainDocument(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	for _, op := range c.Operations() {
		t.Run(op.Action, func(t *testing.T) {
			text, err := c.Export(op.Action)
			require.NoError(t, err)
			loader := openapi3.NewLoader()
			doc, err := loader.LoadFromData(text)
			require.NoError(t, err)
			require.NoError(t, doc.Validate(loader.Context))
			assert.Equal(t, []string{op.Path}, doc.Paths.InMatchingOrder())

			router, err := legacy.NewRouter(doc)
			require.NoError(t, err)
			request := func(action string) error {
				r, err := http.NewRequest(http.MethodPost, "https://console.zenlayer.com"+op.Path,
					strings.NewReader(`{"instanceId":"a","instanceType":"b","instanceIds":["a"]}`))
				require.NoError(t, err)
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("X-ZC-Action", action)
				r.Header.Set("X-ZC-Version", op.Version)
				route, parameters, err := router.FindRoute(r)
				require.NoError(t, err)
				return openapi3filter.ValidateRequest(t.Context(), &openapi3filter.RequestValidationInput{
					Request: r, PathParams: parameters, Route: route,
					Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
				})
			}
			assert.NoError(t, request(op.Action))
			assert.Error(t, request("SomethingElse"), "the header has one value")
		})
	}
}

func TestAnExportHoldsNothingThatOnlyThisContractUnderstands(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	text, err := c.Export("ModifyInstanceType")
	require.NoError(t, err)
	for _, strange := range []string{"zec#", "x-", "links:", "InstanceStatus:"} {
		assert.NotContains(t, strings.ReplaceAll(string(text), "zec-", ""), strange)
	}
	again, err := c.Export("ModifyInstanceType")
	require.NoError(t, err)
	assert.Equal(t, text, again)
	_, err = c.Export("NoSuchAction")
	assert.ErrorContains(t, err, "choose from ModifyInstanceType")
}
