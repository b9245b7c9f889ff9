package defects

import (
	"net/http"

	"github.com/zec-tools/conformance/internal/mock"
)

// pairDefects refuse a resize with something other than M's pair.
func pairDefects() []Defect {
	return []Defect{
		// The instance.
		{"unknown-instance-400", "M-INSTANCE-NOT-FOUND", "An instance that does not exist is answered with the right code under 400.",
			pairStated(), answering(mock.ModifyType, mock.InstanceNotFound, mock.InstanceNotFound.Under(400))},
		{"unknown-instance-500", "M-INSTANCE-NOT-FOUND", "Looking up an instance that does not exist fails inside, with 500.",
			nil, answering(mock.ModifyType, mock.InstanceNotFound, mock.InternalError)},
		{"unknown-instance-as-resource", "M-INSTANCE-NOT-FOUND", "An instance that does not exist is answered with the common code instead of the action's own.",
			nil, answering(mock.ModifyType, mock.InstanceNotFound, mock.ResourceNotFound)},
		{"unknown-instance-lower-case-code", "M-INSTANCE-NOT-FOUND", "The code of an instance that does not exist is in lower case.",
			pairStated(), answering(mock.ModifyType, mock.InstanceNotFound, mock.InstanceNotFound.Coded("invalid_instance_not_found"))},
		{"unknown-instance-accepted", "M-INSTANCE-NOT-FOUND", "A resize of an instance that does not exist is accepted and forgotten.",
			nil, exempting(mock.ModifyType, mock.InstanceNotFound, func(mock.Target) bool { return true })},
		{"unknown-instance-as-status", "M-INSTANCE-NOT-FOUND", "An instance that does not exist counts as one that is not STOPPED.",
			nil, answering(mock.ModifyType, mock.InstanceNotFound, mock.StatusNotSupported)},

		// The type.
		{"unknown-type-as-instance", "M-TYPE-NOT-FOUND", "A type that does not exist is answered with the code of an instance that does not.",
			nil, answering(mock.ModifyType, mock.InstanceTypeNotFound, mock.InstanceNotFound)},
		{"unknown-type-422", "M-TYPE-NOT-FOUND", "A type that does not exist is answered with the right code under 422.",
			pairStated(), answering(mock.ModifyType, mock.InstanceTypeNotFound, mock.InstanceTypeNotFound.Under(http.StatusUnprocessableEntity))},
		{"unknown-type-code-shortened", "M-TYPE-NOT-FOUND", "The code of a type that does not exist lacks its beginning.",
			pairStated(), answering(mock.ModifyType, mock.InstanceTypeNotFound, mock.InstanceTypeNotFound.Coded("INSTANCE_TYPE_NOT_FOUND"))},
		{"unknown-type-accepted", "M-TYPE-NOT-FOUND", "A resize to a type that does not exist is accepted and carried out.",
			nil, exempting(mock.ModifyType, mock.InstanceTypeNotFound, func(mock.Target) bool { return true })},
		{"unknown-type-500", "M-TYPE-NOT-FOUND", "Looking up a type that does not exist fails inside, with 500.",
			nil, answering(mock.ModifyType, mock.InstanceTypeNotFound, mock.InternalError)},
		{"unsupported-type-as-unknown", "M-TYPE-UNSUPPORTED", "A type that exists but is not supported is answered as one that does not exist.",
			nil, answering(mock.ModifyType, mock.TypeUnsupported, mock.InstanceTypeNotFound)},
		{"unsupported-type-as-value", "M-TYPE-UNSUPPORTED", "A type that is not supported is answered with the common code for a value that is not allowed.",
			nil, answering(mock.ModifyType, mock.TypeUnsupported, mock.InvalidValue)},
		{"unsupported-type-409", "M-TYPE-UNSUPPORTED", "A type that is not supported is answered with the right code under 409.",
			pairStated(), answering(mock.ModifyType, mock.TypeUnsupported, mock.TypeUnsupported.Under(http.StatusConflict))},
		{"unsupported-type-accepted", "M-TYPE-UNSUPPORTED", "A resize to a type that is not supported is accepted and carried out.",
			nil, exempting(mock.ModifyType, mock.TypeUnsupported, func(mock.Target) bool { return true })},
	}
}

// statusPairDefects do the same for GPU instances and statuses.
func statusPairDefects() []Defect {
	return []Defect{
		// GPU instances.
		{"gpu-403", "M-GPU-DENIED", "A GPU instance is answered with the right code under 403.",
			append(pairStated(), "M-GPU"), answering(mock.ModifyType, mock.GpuNotSupported, mock.GpuNotSupported.Under(http.StatusForbidden))},
		{"gpu-as-status", "M-GPU-DENIED", "A stopped GPU instance is answered as one whose status does not allow it.",
			nil, answeringWhen(mock.ModifyType, mock.GpuNotSupported, mock.StatusNotSupported, inStatus(mock.Stopped))},
		{"gpu-code-misspelt", "M-GPU-DENIED", "The code for a GPU instance ends in SUPPORTED.",
			append(pairStated(), "M-GPU"), answering(mock.ModifyType, mock.GpuNotSupported, mock.GpuNotSupported.Coded("OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORTED"))},
		{"gpu-500", "M-GPU-DENIED", "The refusal of a GPU instance surfaces as an internal error.",
			[]string{"M-GPU"}, // one that is not refused as documented
			answering(mock.ModifyType, mock.GpuNotSupported, mock.InternalError)},
		{"gpu-accepted", "M-GPU", "A GPU instance is resized like any other.",
			[]string{"M-GPU-DENIED"}, // what is accepted is not refused
			exempting(mock.ModifyType, mock.GpuNotSupported, func(mock.Target) bool { return true })},

		// The status.
		{"status-409", "M-STATUS-DENIED", "A status that does not allow a resize is answered with the right code under 409.",
			pairStated(), answeringWhen(mock.ModifyType, mock.StatusNotSupported, mock.StatusNotSupported.Under(http.StatusConflict), notRecycled)},
		{"status-code-misspelt", "M-STATUS-DENIED", "The code for a status that does not allow a resize ends in SUPPORTED.",
			pairStated(), answeringWhen(mock.ModifyType, mock.StatusNotSupported, mock.StatusNotSupported.Coded("OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORTED"), notRecycled)},
		{"status-as-value", "M-STATUS-DENIED", "A status that does not allow a resize is answered as a value that is not allowed.",
			nil, answeringWhen(mock.ModifyType, mock.StatusNotSupported, mock.InvalidValue, notRecycled)},
		{"status-as-gpu", "M-STATUS-DENIED", "A running instance is answered with the code for GPU instances.",
			nil, answeringWhen(mock.ModifyType, mock.StatusNotSupported, mock.GpuNotSupported, inStatus(mock.Running))},
		{"status-500", "M-STATUS-DENIED", "A booting instance brings about an internal error.",
			nil, answeringWhen(mock.ModifyType, mock.StatusNotSupported, mock.InternalError, inStatus("BOOTING"))},
		{"recycle-as-unknown", "E-RECYCLE", "An instance in the recycle bin is answered as one that does not exist.",
			nil, answeringWhen(mock.ModifyType, mock.StatusNotSupported, mock.InstanceNotFound, inStatus("RECYCLE"))},
		{"recycle-code-under-400", "E-RECYCLE", "An instance in the recycle bin is answered with E's code under 400.",
			pairStated(), answeringWhen(mock.ModifyType, mock.StatusNotSupported, mock.InRecycleBin.Under(400), inStatus("RECYCLE"))},
		{"recycling-500", "E-RECYCLE", "An instance on its way out of the recycle bin brings about an internal error.",
			nil, answeringWhen(mock.ModifyType, mock.StatusNotSupported, mock.InternalError, inStatus("RECYCLING"))},
	}
}

// notRecycled selects the instances whose refusal only M documents.
func notRecycled(t mock.Target) bool { return !inStatus("RECYCLE", "RECYCLING")(t) }
