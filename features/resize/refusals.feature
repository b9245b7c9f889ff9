@resize @refusal
Feature: Resizes that are refused
  ModifyInstanceType has an error code for each resize that it cannot carry out. A refused
  resize changes nothing.

  @M-INSTANCE-NOT-FOUND
  Rule: An instance that does not exist is answered with 404 INVALID_INSTANCE_NOT_FOUND.

    @unknown-instance
    Example: ModifyInstanceType refuses an instance that does not exist
      Given an instance that does not exist
      When ModifyInstanceType is called on it
      Then the answer is the error 404 INVALID_INSTANCE_NOT_FOUND
      And the same call gets the same answer 2 more times

    @longer-instance-id @R-REFUSED-UNCHANGED
    Example: ModifyInstanceType does not take a longer id for that of an instance
      Given a STOPPED instance
      When ModifyInstanceType is called with instanceId as "its own id and more"
      Then the answer is a documented 400 error or the error 404 INVALID_INSTANCE_NOT_FOUND
      And the instance is unchanged

  @M-TYPE-NOT-FOUND
  Rule: An instance type that does not exist is answered with 404 INVALID_INSTANCE_TYPE_NOT_FOUND.

    @unknown-type @R-REFUSED-UNCHANGED
    Example: ModifyInstanceType refuses a type that does not exist
      Given a STOPPED instance
      When ModifyInstanceType is called on it for a value that does not exist
      Then the answer is the error 404 INVALID_INSTANCE_TYPE_NOT_FOUND
      And the instance is unchanged
      And the same call gets the same answer 2 more times

    @unknown-type-later @R-REFUSED-UNCHANGED
    Example: A resize refused for an unknown type has no delayed effect
      Given a STOPPED instance
      When ModifyInstanceType is called on it for a value that does not exist
      Then the answer is the error 404 INVALID_INSTANCE_TYPE_NOT_FOUND
      And the instance stays unchanged

  @M-TYPE-UNSUPPORTED
  Rule: An instance type that is not supported for the instance is answered with 400 OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED.

    @unsupported-type @R-REFUSED-UNCHANGED
    Example: ModifyInstanceType refuses a type that the instance does not support
      Given a STOPPED instance
      When ModifyInstanceType is called on it for a value that the instance does not support
      Then the answer is the error 400 OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED
      And the instance is unchanged
      And the same call gets the same answer 2 more times

  @M-GPU
  Rule: A GPU instance cannot be resized.

    @M-GPU-DENIED @R-REFUSED-UNCHANGED
    Scenario Outline: ModifyInstanceType refuses to resize a GPU instance to a type for <types> instances
      Given a STOPPED GPU instance
      When ModifyInstanceType is called <how>
      Then the answer is the error <error>
      And the instance is unchanged
      And the same call gets the same answer 2 more times

      Examples:
        | id                      | types | how                                       | error                                                                                           |
        | gpu-instance            | GPU   | on it for another value for GPU instances | 400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT                                                   |
        | gpu-instance-other-type | other | on it                                     | 400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT or 400 OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED |

    @gpu-instance-same-type @R-REFUSED-UNCHANGED
    Example: ModifyInstanceType refuses to resize a GPU instance to the type it has
      Given a STOPPED GPU instance
      When ModifyInstanceType is called on it for the value it has
      Then it is refused with a documented 4xx error, or listed as failed
      And the instance is unchanged

    @gpu-instance-later @M-GPU-DENIED @R-REFUSED-UNCHANGED
    Example: A refused resize of a GPU instance has no delayed effect
      Given a STOPPED GPU instance
      When ModifyInstanceType is called on it for another value for GPU instances
      Then the answer is the error 400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT
      And the instance stays unchanged

    @running-gpu-instance @M-GPU-DENIED @R-REFUSED-UNCHANGED
    Example: ModifyInstanceType refuses a running GPU instance for its kind or its status
      Given a RUNNING GPU instance
      When ModifyInstanceType is called on it for another value for GPU instances
      Then the answer is the error 400 OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT or 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
      And the instance is unchanged

  @M-STOPPED-ONLY
  Rule: Only an instance whose status is STOPPED can be resized.

    @not-stopped @M-STATUS-DENIED @R-REFUSED-UNCHANGED
    Scenario Outline: ModifyInstanceType refuses an instance that is <status>
      Given a <status> instance
      When ModifyInstanceType is called on it
      Then the answer is the error 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
      And the instance is unchanged
      And the same call gets the same answer 2 more times

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

    @running-instance-same-type @R-REFUSED-UNCHANGED
    Example: ModifyInstanceType refuses to resize a running instance to the type it has
      Given a RUNNING instance
      When ModifyInstanceType is called on it for the value it has
      Then it is refused with a documented 4xx error, or listed as failed
      And the instance is unchanged

    @running-instance-later @M-STATUS-DENIED @R-REFUSED-UNCHANGED
    Example: A refused resize of a running instance has no delayed effect
      Given a RUNNING instance
      When ModifyInstanceType is called on it
      Then the answer is the error 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
      And the instance stays unchanged

    @in-recycle-bin @E-RECYCLE @R-REFUSED-UNCHANGED
    Scenario Outline: ModifyInstanceType refuses an instance that is <status> for the recycle bin or its status
      Given a <status> instance
      When ModifyInstanceType is called on it
      Then the answer is the error 403 OPERATION_FAILED_FOR_RECYCLE_RESOURCE or 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
      And the instance is unchanged

      Examples:
        | status    |
        | RECYCLE   |
        | RECYCLING |
