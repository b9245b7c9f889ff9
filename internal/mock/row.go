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

// instanceRow appends an instance as DescribeInstances shows it: every member that C
// documents, with a value of its documented type.
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
	dst = append(dst, '"')
	dst = append(dst, in.details...)
	return append(dst, '}')
}

// region is where the mock's zones are.
const region = "asia-east-1"

// details returns the row members that no action changes. They are formatted once, when an instance
// is added.
func details(in *Instance, number string) string {
	created := in.Created.UTC().Format(time.RFC3339)
	dst := appendText([]byte(`,"imageName":`), in.ImageID)
	dst = append(dst, `,"timeZone":"Asia/Hong_Kong","nicNetworkType":"Auto","systemDisk":{"diskId":"disk-`...)
	dst = append(append(dst, number...), `","diskName":"system","diskSize":40,"diskCategory":"Standard NVMe SSD"},"dataDisks":[],"publicIpAddresses":`...)
	dst = appendTexts(dst, present(in.PublicAddress))
	dst = appendTexts(append(dst, `,"privateIpAddresses":`...), present(in.IPv4Address, in.IPv6Address))
	if in.KeyID == "" {
		dst = append(dst, `,"keyId":null`...) // C: it may be
	} else {
		dst = appendText(append(dst, `,"keyId":`...), in.KeyID)
	}
	dst = append(dst, `,"subnetId":"subnet-default","securityGroupId":"sg-default","enableAgent":true,"enableAgentMonitor":false,"enableIpForward":false,"expiredTime":"`...)
	dst = in.Expires.UTC().AppendFormat(dst, time.RFC3339)
	dst = appendText(append(dst, `","resourceGroupId":`...), in.ResourceGroupID)
	dst = appendText(append(dst, `,"resourceGroupName":`...), in.ResourceGroupID)
	dst = append(append(dst, `,"nics":[{"nicId":"nic-`...), number...)
	dst = append(dst, `","name":"primary","status":"USED","nicType":"PRIMARY","regionId":"`+region+`","nicSubnetType":"IPv4_IPv6","publicIpList":`...)
	dst = appendTexts(dst, present(in.PublicAddress))
	dst = appendTexts(append(dst, `,"privateIpList":`...), present(in.IPv4Address, in.IPv6Address))
	dst = appendText(append(dst, `,"instanceId":`...), in.ID)
	dst = append(append(dst, `,"vpcId":"vpc-default","subnetId":"subnet-default","createTime":"`...), created...)
	dst = append(dst, `"}],"tags":{"tags":[`...)
	for i, t := range in.Tags {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendText(append(dst, `{"key":`...), t.Key)
		dst = append(appendText(append(dst, `,"value":`...), t.Value), '}')
	}
	return string(append(dst, `]},"loadBalancerIds":[],"placementGroupId":"","instanceOptions":{}`...))
}

// present returns the texts that are not empty.
func present(texts ...string) []string {
	list := make([]string, 0, len(texts))
	for _, s := range texts {
		if s != "" {
			list = append(list, s)
		}
	}
	return list
}
