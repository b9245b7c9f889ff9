package zectest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/zec-tools/conformance/internal/sign"
)

// client has the shape of the official Go SDK's: made of key id, password and a configuration,
// a method for each action that takes a request and returns a response or an error of its own.
type client struct {
	keyID, password string
	config          config
}

type config struct {
	Scheme, Domain string
	HTTP           *http.Client
}

func newClient(c config, keyID, password string) *client { return &client{keyID, password, c} }

// sdkError is what the SDK's methods return for an error response.
type sdkError struct {
	Code      string `json:"code"`
	Message   string `json:"message"`
	RequestID string `json:"requestId"`
}

func (e *sdkError) Error() string { return e.Code + ": " + e.Message }

type modifyInstanceTypeRequest struct {
	InstanceID   string `json:"instanceId,omitempty"`
	InstanceType string `json:"instanceType,omitempty"`
}

type describeInstancesRequest struct {
	InstanceIDs []string `json:"instanceIds,omitempty"`
}

type instanceInfo struct {
	InstanceID   string  `json:"instanceId"`
	InstanceType *string `json:"instanceType"`
	Status       string  `json:"status"`
	EnableAgent  *bool   `json:"enableAgent"`
	SystemDisk   *struct {
		DiskID string `json:"diskId"`
	} `json:"systemDisk"`
}

type describeInstancesResponse struct {
	Response struct {
		DataSet []instanceInfo `json:"dataSet"`
	} `json:"response"`
}

func (c *client) ModifyInstanceType(ctx context.Context, r modifyInstanceTypeRequest) error {
	return c.send(ctx, "ModifyInstanceType", r, &struct{}{})
}

func (c *client) DescribeInstances(ctx context.Context, r describeInstancesRequest) (out describeInstancesResponse, err error) {
	err = c.send(ctx, "DescribeInstances", r, &out)
	return out, err
}

// send signs and sends one request, and sends it again, as the SDK does, after a 429.
func (c *client) send(ctx context.Context, action string, request, response any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.config.Scheme+"://"+c.config.Domain+"/api/v2/zec", bytes.NewReader(body))
		if err != nil {
			return err
		}
		now := time.Now().Unix()
		for name, value := range map[string]string{
			"content-type": "application/json", "x-zc-action": action, "x-zc-version": "2024-04-01", "x-zc-timestamp": fmt.Sprint(now),
			"x-zc-signature-method": sign.Method, "x-zc-service": "zec", "x-zc-sdk-lang": "Go",
		} {
			r.Header[name] = []string{value}
		}
		headers := []sign.Header{{Name: "content-type", Value: "application/json"}, {Name: "host", Value: c.config.Domain}}
		r.Header.Set("Authorization", sign.Authorization(c.keyID, c.password, r.Method, now, headers, body))
		status, err := c.read(r, response)
		if status != http.StatusTooManyRequests || attempt == 3 {
			return err
		}
	}
}

func (c *client) read(r *http.Request, response any) (status int, err error) {
	answer, err := c.config.HTTP.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusOK {
		return answer.StatusCode, json.NewDecoder(answer.Body).Decode(response)
	}
	refused := new(sdkError)
	if err := json.NewDecoder(answer.Body).Decode(refused); err != nil {
		return answer.StatusCode, err
	}
	return answer.StatusCode, refused
}
