package mock

import (
	"strconv"
	"time"
)

// row appends an instance to a listing as a JSON object.
type row func(dst []byte, in *Instance) []byte

// statusRow appends an instance as DescribeInstancesStatus shows it (C).
func statusRow(dst []byte, in *Instance) []byte {
	dst = appendText(append(dst, `{"instanceId":`...), in.ID)
	dst = appendText(append(dst, `,"instanceStatus":`...), in.Status)
	return append(dst, '}')
}

// instanceRow appends an instance as DescribeInstances shows it (C): the documented members.
func instanceRow(dst []byte, in *Instance) []byte {
	dst = appendText(append(dst, `{"instanceId":`...), in.ID)
	dst = appendText(append(dst, `,"instanceName":`...), in.Name)
	dst = appendText(append(dst, `,"zoneId":`...), in.ZoneID)
	dst = appendText(append(dst, `,"instanceType":`...), in.Type)
	dst = appendText(append(dst, `,"status":`...), in.Status)
	dst = strconv.AppendInt(append(dst, `,"cpu":`...), int64(in.CPU), 10)
	dst = strconv.AppendInt(append(dst, `,"memory":`...), int64(in.Memory), 10)
	dst = appendText(append(dst, `,"imageId":`...), in.ImageID)
	dst = append(dst, `,"createTime":"`...)
	dst = in.Created.UTC().AppendFormat(dst, time.RFC3339)
	return append(dst, '"', '}')
}
