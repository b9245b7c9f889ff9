@resize @refusal
Feature: Changes of type that are refused
  ModifyInstanceType refuses what it cannot do with an error code of its own, and a
  refusal leaves everything as it was.

  @M-INSTANCE-NOT-FOUND
  Rule: An instance that does not exist is answered with 404 INVALID_INSTANCE_NOT_FOUND.

    @unknown-instance
    Example: The type of an instance that does not exist is changed
      Given an instance that does not exist
      When ModifyInstanceType is called on it
      Then the answer is the error 404 INVALID_INSTANCE_NOT_FOUND
      And the same call is answered so 2 more times

  @M-TYPE-NOT-FOUND
  Rule: An instance type that does not exist is answered with 404 INVALID_INSTANCE_TYPE_NOT_FOUND.

    @unknown-type @R-REFUSED-UNCHANGED
    Example: A stopped instance is changed to a type that does not exist
      Given a STOPPED instance
      When ModifyInstanceType is called on it for a value that does not exist
      Then the answer is the error 404 INVALID_INSTANCE_TYPE_NOT_FOUND
      And the instance is unchanged
      And the same call is answered so 2 more times

    @unknown-type-later @R-REFUSED-UNCHANGED
    Example: Nothing comes later of a change to a type that does not exist
      Given a STOPPED instance
      When ModifyInstanceType is called on it for a value that does not exist
      Then the answer is the error 404 INVALID_INSTANCE_TYPE_NOT_FOUND
      And the instance stays unchanged

  @M-TYPE-UNSUPPORTED
  Rule: An instance type that is not supported for the instance is answered with 400 OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED.

    @unsupported-type @R-REFUSED-UNCHANGED
    Example: A stopped instance is changed to a type that is not supported for it
      Given a STOPPED instance
      When ModifyInstanceType is called on it for a value that is not supported for it
      Then the answer is the error 400 OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED
      And the instance is unchanged
      And the same call is answered so 2 more times

  @M-GPU
  Rule: A GPU instance cannot be resized.

    @gpu-instance @M-GPU-DENIED @R-REFUSED-UNCHANGED
    Example: A stopped GPU instance is refused another type for GPU instances and keeps its type
      Given a STOPPED GPU instance
      When ModifyInstanceType is called on it for another value for GPU instances
      Then the answer is the error 400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT
      And the instance is unchanged
      And the same call is answered so 2 more times

    @gpu-instance-other-type @M-GPU-DENIED @R-REFUSED-UNCHANGED
    Example: A stopped GPU instance is refused a type of other instances, for either reason
      Given a STOPPED GPU instance
      When ModifyInstanceType is called on it
      Then the answer is the error 400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT or 400 OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED
      And the instance is unchanged
      And the same call is answered so 2 more times

    @gpu-instance-later @M-GPU-DENIED @R-REFUSED-UNCHANGED
    Example: Nothing comes later of a change of a GPU instance
      Given a STOPPED GPU instance
      When ModifyInstanceType is called on it for another value for GPU instances
      Then the answer is the error 400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT
      And the instance stays unchanged

    @running-gpu-instance @M-GPU-DENIED @R-REFUSED-UNCHANGED
    Example: A running GPU instance is refused for either reason
      Given a RUNNING GPU instance
      When ModifyInstanceType is called on it for another value for GPU instances
      Then the answer is the error 400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT or 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
      And the instance is unchanged

  @M-STOPPED-ONLY
  Rule: Only an instance whose status is STOPPED can be resized.

    @not-stopped @M-STATUS-DENIED @R-REFUSED-UNCHANGED
    Scenario Outline: An instance that is <status> is refused and keeps its type
      Given a <status> instance
      When ModifyInstanceType is called on it
      Then the answer is the error 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
      And the instance is unchanged
      And the same call is answered so 2 more times

      Examples:
        | status        |
        | DEPLOYING     |
        | REBUILDING    |
        | REBOOT        |
        | RUNNING       |
        | BOOTING       |
        | STARTING      |
        | RELEASING     |
        | STOPPING      |
        | CREATE_FAILED |
        | IMAGING       |
        | RESIZING      |

    @running-instance-later @M-STATUS-DENIED @R-REFUSED-UNCHANGED
    Example: Nothing comes later of a change of a running instance
      Given a RUNNING instance
      When ModifyInstanceType is called on it
      Then the answer is the error 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
      And the instance stays unchanged

    @in-recycle-bin @E-RECYCLE @R-REFUSED-UNCHANGED
    Scenario Outline: An instance that is <status> is refused for either reason
      Given a <status> instance
      When ModifyInstanceType is called on it
      Then the answer is the error 403 OPERATION_FAILED_FOR_RECYCLE_RESOURCE or 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
      And the instance is unchanged

      Examples:
        | status    |
        | RECYCLE   |
        | RECYCLING |
