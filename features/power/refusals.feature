@power @refusal
Feature: Starts and stops that are refused
  An instance in another status, in the recycle bin, or unknown is refused with its own error
  code, or listed as failed. Either way it does not change.

  @{clauses}-ONLY-FROM
  Rule: {action} is for instances that are {start}: one in another status is refused, or named in {failed}, and stays as it was.

    @power-not-stopped @{clauses}-DENIED @R-REFUSED-UNCHANGED
    Scenario Outline: StartInstances refuses an instance that is <status>
      Given a <status> instance
      When StartInstances is called on it
      Then it is refused with 403 OPERATION_DENIED_INSTANCE_NOT_STOPPED, or listed as failed
      And the instance is unchanged

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

    @power-not-running @{clauses}-DENIED @R-REFUSED-UNCHANGED
    Scenario Outline: StopInstances refuses an instance that is <status>
      Given a <status> instance
      When StopInstances is called on it
      Then it is refused with 403 OPERATION_DENIED_INSTANCE_NOT_RUNNING, or listed as failed
      And the instance is unchanged

      Examples:
        | status        |
        | DEPLOYING     |
        | REBUILDING    |
        | REBOOT        |
        | STOPPED       |
        | BOOTING       |
        | STARTING      |
        | RELEASING     |
        | CREATE_FAILED |
        | IMAGING       |
        | RESIZING      |

    @power-graphics-denied @{clauses}-DENIED @R-REFUSED-UNCHANGED
    Scenario Outline: <action> refuses a GPU instance that is <end>
      Given a <end> GPU instance
      When <action> is called on it
      Then it is refused with <denied.start>, or listed as failed
      And the instance is unchanged

      Examples:
        | every batch action |

    @force-not-running @{clauses}-DENIED @R-REFUSED-UNCHANGED
    Example: StopInstances refuses a STOPPED instance when it is not to be forced
      Given a STOPPED instance
      When StopInstances is called on it with forceShutdown as false
      Then it is refused with 403 OPERATION_DENIED_INSTANCE_NOT_RUNNING, or listed as failed
      And the instance is unchanged

    @force-denied @{clauses}-DENIED @R-REFUSED-UNCHANGED
    Scenario Outline: StopInstances refuses an instance that is <status> when it is to be forced, too
      Given a <status> instance
      When StopInstances is called on it with forceShutdown as true
      Then it is refused with 403 OPERATION_DENIED_INSTANCE_NOT_RUNNING, or listed as failed
      And the instance is unchanged

      Examples:
        | status   |
        | REBOOT   |
        | BOOTING  |
        | RESIZING |

    @power-later @{clauses}-DENIED @R-REFUSED-UNCHANGED
    Scenario Outline: A refused <action> has no delayed effect
      Given a <end> instance
      When <action> is called on it
      Then it is refused with <denied.start>, or listed as failed
      And the instance stays unchanged

      Examples:
        | every batch action |

    @power-stopping
    Example: StopInstances accepts or refuses an instance that is STOPPING
      Given a STOPPING instance
      When StopInstances is called on it
      Then the answer is a success or a documented 4xx error

  @{clauses}-ABSENT
  Rule: To {action}, an instance that does not exist is answered with {denied.absent}, where it is not named in {failed}.

    @power-absent
    Scenario Outline: <action> refuses an instance that does not exist
      Given an instance that does not exist
      When <action> is called on it
      Then it is refused with <denied.absent>, or listed as failed

      Examples:
        | every batch action |

  @{clauses}-RECYCLED
  Rule: {action} refuses an instance in the recycle bin with 403 OPERATION_DENIED_INSTANCE_RECYCLED, {denied.start} or 403 OPERATION_FAILED_FOR_RECYCLE_RESOURCE, or names it in {failed}.

    @power-recycled @{clauses}-ONLY-FROM @R-REFUSED-UNCHANGED
    Scenario Outline: <action> refuses an instance in the recycle bin that is <status>
      Given a <status> instance
      When <action> is called on it
      Then it is refused with 403 OPERATION_DENIED_INSTANCE_RECYCLED, 403 OPERATION_FAILED_FOR_RECYCLE_RESOURCE or <denied.start>, or listed as failed
      And the instance is unchanged

      Examples:
        | case                | every batch action | status    |
        | <action>, RECYCLE   |                    | RECYCLE   |
        | <action>, RECYCLING |                    | RECYCLING |
