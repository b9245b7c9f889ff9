@resize @change
Feature: Resizes that are carried out
  ModifyInstanceType is asynchronous: the call returns at once, the status goes from STOPPED
  through RESIZING to STOPPED, and then the instance has the new type.

  @M-RESIZE-LOCK
  Rule: While a change runs, no operation on the instance is allowed.

    @second-change @M-STATUS-DENIED
    Example: A second resize is refused while the first one runs, and the first one completes
      Given a STOPPED instance
      When ModifyInstanceType is called on it, and ModifyInstanceType while it runs
      Then it is refused with 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT, or listed as failed
      And the instance goes through RESIZING to STOPPED and stays there
      And the instance has the value asked for

    @same-change-again @M-STATUS-DENIED
    Example: The same resize is refused while it runs, and completes
      Given a STOPPED instance
      When ModifyInstanceType is called on it, and the same call is repeated while it runs
      Then the answer is the error 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
      And the instance goes through RESIZING to STOPPED and stays there
      And the instance has the value asked for

    @two-at-once
    Example: At most one of two simultaneous resizes is accepted
      Given a STOPPED instance
      When ModifyInstanceType is called on it twice at the same moment
      Then at most one of them is accepted, and the instance ends with its value

  @M-RESIZE
  Rule: A stopped instance is changed to the type named.

    @resize-succeeds @M-RESIZE-ASYNC @M-RESIZE-RESIZING @M-RESIZE-STOPPED @M-RESIZE-TYPE
    Example: A stopped instance goes through RESIZING to STOPPED and has the new type
      Given a STOPPED instance
      When ModifyInstanceType is called on it
      Then the answer is a success
      And the instance goes through RESIZING to STOPPED and stays there
      And the instance has the value asked for

  @M-RESIZE-TYPE
  Rule: After a change that succeeded, the instance has the type named.

    @M-RESIZE-STOPPED
    Scenario Outline: An instance is resized <times>
      Given a STOPPED instance
      When ModifyInstanceType is called on it <how>
      Then the answer is a success
      And the instance goes through RESIZING to STOPPED and stays there
      And the instance has the value asked for

      Examples:
        | id               | times                    | how                           |
        | there-and-back   | to another type and back | and then for the value it had |
        | several-in-a-row | three times              | 3 times in a row              |

    @resized-listed @M-RESIZE-STOPPED
    Example: An instance is resized to one type after the other, and a list of its status shows the last one
      Given a STOPPED instance
      When ModifyInstanceType is called on it 4 times in a row
      Then the answer is a success
      And the instance goes through RESIZING to STOPPED and stays there
      And the instance has the value asked for, and shows it in a list of its status

  @M-RESIZE-ONLY-NAMED
  Rule: Only the instance named is changed.

    Scenario Outline: A resize does not change another instance that is <status>
      Given a STOPPED instance
      And another <status> instance
      When ModifyInstanceType is called on it
      Then the answer is a success
      And the instance goes through RESIZING to STOPPED and stays there
      And the other instance is unchanged

      Examples:
        | id                | status  |
        | stopped-bystander | STOPPED |
        | running-bystander | RUNNING |

  @M-RESIZE-SAME-TYPE
  Rule: A change to the type the instance already has is carried out, or refused with a documented 4xx pair or the superseded 403 INVALID_INSTANCE_TYPE_NOT_CHANGED, which leaves the instance as it was.

    @same-type
    Example: A resize to the current type is carried out or refused
      Given a STOPPED instance
      When ModifyInstanceType is called on it for the value it has
      Then the change is carried out, or refused with a documented 4xx error

  @C-INSTANCES-TRUE
  Rule: The status of DescribeInstances is the status the instance is in.

    @change-shown-by-both
    Example: DescribeInstances shows a running resize, as DescribeInstancesStatus does
      Given a STOPPED instance
      When ModifyInstanceType is called on it
      Then the answer is a success
      And DescribeInstances shows the change while it runs
