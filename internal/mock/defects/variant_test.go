package defects

import (
	"io"
	"maps"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
)

// unseen are the variants that answers as a recorder keeps them do not show: their bytes
// go over a connection otherwise, or at another time.
var unseen = []string{"chunked", "connection-closed", "further-headers", "http2", "slow-answers", "uneven-answers"}

func TestEveryVariantTakesTheWalkAndKeepsWhatIsDocumented(t *testing.T) {
	right := mocktest.Walked(t, mock.Options{})
	for _, v := range Variants() {
		if ofListsAlone(v) {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			got := mocktest.Walked(t, mock.Options{Alter: v.Alter})
			require.Len(t, got, len(right))
			shown := false
			for i, s := range got {
				shown = differs(t, v, s, right[i]) || shown
				keepsTheEnvelope(t, s)
			}
			assert.Equal(t, !slices.Contains(unseen, v.Name), shown, "it differs from the mock without it")
			if v.Open { // no resize ends
				return
			}
			last := slices.IndexFunc(got, func(s mocktest.Observation) bool { return s.Name == "instances up at 6" })
			row := gjson.Get(got[last].Body, "response.dataSet.0")
			assert.Equal(t, []string{mock.Stopped, "z2a.cpu.8"}, []string{row.Get("status").Str, row.Get("instanceType").Str})
		})
	}
}

// differs reports whether a variant's answer is another one than the plain mock's. Only a call that
// the variant selects may get such an answer.
func differs(t *testing.T, v Variant, s, right mocktest.Observation) bool {
	t.Helper()
	is := mocktest.Differs(s, right) || s.ID != right.ID
	if is && v.Shows != nil && len(v.Actions) == 0 { // a call that changes something changes later answers
		assert.True(t, v.MayShow(s.Call), "%s is answered in another way, and not selected", s.Name)
	}
	return is
}

// ofListsAlone reports whether a variant concerns the actions that name a list of instances.
func ofListsAlone(v Variant) bool {
	return slices.ContainsFunc(powerVariants(), func(p Variant) bool { return p.Name == v.Name })
}

func TestEveryVariantOfListsShowsAndKeepsTheEnvelope(t *testing.T) {
	right := mocktest.Taken(t, nil, mock.Options{}, true)
	for _, v := range powerVariants() {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			got, shown := mocktest.Taken(t, nil, mock.Options{Alter: v.Alter}, true), false
			for i, s := range got {
				shown = differs(t, v, s, right[i]) || shown
				keepsTheEnvelope(t, s)
			}
			assert.True(t, shown, "it differs from the mock without it")
		})
	}
}

// TestAVariantOfAnActionNeedsItsCalls takes both walks through each variant of some actions
// without the calls that may show it: every answer is then that of the mock without it.
func TestAVariantOfAnActionNeedsItsCalls(t *testing.T) {
	type way struct {
		without string
		brief   bool
	}
	right := map[way][]mocktest.Observation{}
	for _, v := range Variants() {
		if len(v.Actions) == 0 {
			continue
		}
		for _, brief := range []bool{false, true} {
			w := way{strings.Join(v.Actions, " "), brief}
			if v.Shows != nil {
				w.without = v.Name
			}
			if right[w] == nil {
				right[w] = mocktest.Taken(t, v.MayShow, mock.Options{}, brief)
			}
			answers := right[w]
			t.Run(v.Name, func(t *testing.T) {
				t.Parallel()
				for i, s := range mocktest.Taken(t, v.MayShow, mock.Options{Alter: v.Alter}, brief) {
					assert.False(t, mocktest.Differs(s, answers[i]) || s.ID != answers[i].ID, "%s shows without its calls: %s", s.Name, s.Body)
				}
			})
		}
	}
	require.NotEmpty(t, right)
}

// keepsTheEnvelope checks what R states of every answer.
func keepsTheEnvelope(t *testing.T, s mocktest.Observation) {
	t.Helper()
	require.Len(t, s.Media, 1)
	media, _, err := mime.ParseMediaType(s.Media[0])
	require.NoError(t, err)
	assert.Equal(t, "application/json", media)
	require.True(t, gjson.Valid(s.Body), s.Body)
	body := gjson.Parse(s.Body)
	assert.Equal(t, gjson.String, body.Get("requestId").Type, s.Body)
	assert.NotEmpty(t, body.Get("requestId").Str)
	if s.Status == http.StatusOK {
		assert.Equal(t, body.Get("requestId").Str, body.Get("response.requestId").Str)
		return
	}
	notJudged := strings.Contains(s.Name, "page size 0") || strings.Contains(s.Name, "page number 0") // no minimum is stated
	assert.True(t, s.Status >= 400 && s.Status < 500 || notJudged, "%s: %d", s.Name, s.Status)
	assert.Equal(t, gjson.String, body.Get("code").Type)
	assert.Equal(t, gjson.String, body.Get("message").Type)
}

func TestVariantsAreNamedAndExplained(t *testing.T) {
	names := map[string]bool{}
	for _, v := range Variants() {
		assert.False(t, names[v.Name], "%s is there twice", v.Name)
		names[v.Name] = true
		assert.Regexp(t, `^[a-z0-9]+(-[a-z0-9]+)*$`, v.Name)
		assert.Regexp(t, `^[A-Z].*\.$`, v.Text, v.Name)
		assert.NotEmpty(t, v.Freedom, v.Name)
	}
	assert.GreaterOrEqual(t, len(names), 24)
	assert.Subset(t, slices.Collect(maps.Keys(names)), unseen)
	v, err := VariantNamed("chunked")
	require.NoError(t, err)
	assert.Equal(t, "chunked", v.Name)
	_, err = VariantNamed("chunks")
	assert.EqualError(t, err, `there is no variant "chunks": did you mean "chunked"?`)
}

// freedoms are what no document states (protocol 9) and a mock can take otherwise.
var freedoms = []string{
	"several errors apply at once", "E-RECYCLE", "M-RESIZE-SAME-TYPE", "any other superseded pair", "a superseded pair where another error applies",
	"R-PARAMETER-EMPTY", "C-OPTIONAL-EMPTY", "R-BODY-MALFORMED", "S-AUTH-REQUIRED", "S-AUTH-TIMESTAMP-REQUIRED", "S-AUTH-TIMESTAMP-FORM", "S-AUTH-KEY",
	"K-AUTH-TOKEN", "E-ACTION-UNKNOWN", "R-METHOD-POST", "C-STATUS-UNKNOWN, C-INSTANCES-UNKNOWN", "more than 100 ids, all unknown",
	"more than 20 ids without pageSize", "a filter value that nothing has", "E-GROUP-NOT-FOUND", "a name filter", "unrelated instances of the account", "an id made up by the harness",
	"instanceType of a GPU instance", "C-INSTANCES-MEMBERS", "pageSize or pageNum below 1", "order of dataSet", "header values in the canonical form",
	"is RESIZING visible in the very first read after the answer", "which type is shown while RESIZING", "R-MEDIA-RESPONSE", "R-OPEN-OBJECTS", "R-REQUEST-ID",
}

func TestEveryFreedomHasAVariant(t *testing.T) {
	taken := map[string]bool{}
	for _, v := range Variants() {
		taken[v.Freedom] = true
	}
	for _, freedom := range freedoms {
		assert.True(t, taken[freedom], "no variant takes it: %s", freedom)
	}
}

// overSocket asks a mock with a variant once over a real connection.
func overSocket(t *testing.T, name string) (*http.Response, string) {
	t.Helper()
	v, err := VariantNamed(name)
	require.NoError(t, err)
	m := mock.New(mock.Options{Alter: v.Alter})
	m.Seed(mock.Instance{})
	server := httptest.NewServer(m)
	defer server.Close()
	got, err := mocktest.Get(t.Context(), server.Client(), server.URL)
	require.NoError(t, err)
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	return got, string(body)
}

func TestVariantsOfDeliveryShowOnAConnection(t *testing.T) {
	got, body := overSocket(t, "chunked")
	assert.Equal(t, []string{"chunked"}, got.TransferEncoding)
	assert.True(t, gjson.Valid(body))
	got, _ = overSocket(t, "connection-closed")
	assert.True(t, got.Close)
	got, _ = overSocket(t, "further-headers")
	assert.Len(t, got.Header.Values("Set-Cookie"), 2)
}

func TestHiccupsEndAfterTwo(t *testing.T) {
	for name, status := range map[string]int{"hiccups-503": 503, "hiccups-503-timed-out": 503, "hiccups-429": 429} {
		v, err := VariantNamed(name)
		require.NoError(t, err)
		m := mock.New(mock.Options{Alter: v.Alter})
		met := 0
		for i := range 40 {
			msg := mocktest.Message{Action: mock.DescribeStatus, Body: `{"name":"` + strings.Repeat("x", i) + `"}`}
			first := mocktest.Send(t, m, msg)
			if first.Status == 200 {
				continue
			}
			met++
			assert.Equal(t, status, first.Status)
			assert.Equal(t, "0", first.Header.Get("Retry-After"))
			assert.Equal(t, status, mocktest.Send(t, m, msg).Status)
			assert.Equal(t, 200, mocktest.Send(t, m, msg).Status)
		}
		assert.Positive(t, met, name)
	}
}

func TestTheTimeOfAResizeIsTheVariantsOwn(t *testing.T) {
	for _, v := range Variants() {
		if v.ResizeTime != 0 {
			assert.Equal(t, v.ResizeTime, mock.New(mock.Options{Alter: v.Alter, ResizeTime: mocktest.ResizeTime}).Takes)
		}
	}
}
