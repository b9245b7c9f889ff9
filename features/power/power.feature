@power @change
Feature: Starting, stopping and rebooting instances
  StartInstances, StopInstances and RebootInstances are asynchronous: the call returns at
  once, and the status shows the progress. Each takes several instances.

  @{clauses}-CARRIED-OUT
  Rule: {action} is carried out on an instance that is {start}: it goes through {transient} to {end}.

    @power-succeeds @{clauses}-ASYNC @{clauses}-TRANSIENT @{clauses}-END @{clauses}-FAILED
    Scenario Outline: <action> takes an instance from <start> through <transient> to <end>
      Given a <start> instance
      When <action> is called on it
      Then the answer is a success
      And the instance goes through <transient> to <end> and stays there

      Examples:
        | every batch action |

    @graphics-powered
    Scenario Outline: <action> is carried out on a GPU instance
      Given a <start> GPU instance
      When <action> is called on it
      Then the answer is a success
      And the instance goes through <transient> to <end> and stays there

      Examples:
        | every batch action |

    @power-again @{clauses}-END
    Scenario Outline: <action> is carried out three times on one instance
      Given a <start> instance
      When <action> is called on it 3 times in a row
      Then the answer is a success
      And the instance goes through <transient> to <end> and stays there

      Examples:
        | every batch action |

  @{clauses}-ONLY-NAMED
  Rule: {action} changes the instances named and no other.

    @power-bystander
    Scenario Outline: <action> does not change another instance that is <other>
      Given a <start> instance
      And another <other> instance
      When <action> is called on the first one
      Then the answer is a success
      And the instance goes through <transient> to <end> and stays there
      And the other instance is unchanged

      Examples: the other is in the status that the action is for
        | case                      | every batch action | other   |
        | <action>, another <start> |                    | <start> |

      Examples: it is in another status
        | case                             | action          | start   | transient           | end     | other   |
        | StartInstances, another RUNNING  | StartInstances  | STOPPED | BOOTING or STARTING | RUNNING | RUNNING |
        | StopInstances, another STOPPED   | StopInstances   | RUNNING | STOPPING            | STOPPED | STOPPED |
        | RebootInstances, another STOPPED | RebootInstances | RUNNING | REBOOT              | RUNNING | STOPPED |

    @power-longer-id @R-REFUSED-UNCHANGED
    Scenario Outline: <action> does not take a longer id for that of an instance
      Given a <start> instance
      When <action> is called with instanceIds as ["its own id and more"]
      Then it is refused with a documented 4xx error, or listed as failed
      And the instance is unchanged

      Examples:
        | every batch action |

  @{clauses}-BATCH
  Rule: Of several instances, {action} either names in {failed} exactly those it failed for and is carried out on the others, or it is refused as a whole and changes none.

    @power-several @{clauses}-CARRIED-OUT
    Scenario Outline: <action> is carried out on several instances in one call
      Given 3 <start> instances
      When <action> is called on them
      Then the answer is a success
      And the instances go through <transient> to <end> and stay there

      Examples:
        | every batch action |

    @power-mixed-status @{clauses}-ONLY-FROM @R-REFUSED-UNCHANGED
    Scenario Outline: <action> on two instances that are <start> and one that is <end> fails for that one, or for all
      Given a <start> instance
      And another <end> instance
      And another <start> instance
      When <action> is called on them
      Then the invalid ones are listed as failed and the others are carried out, or it is refused with <denied.start> and nothing changes

      Examples:
        | every batch action |

    @power-mixed-busy @{clauses}-ONLY-FROM @R-REFUSED-UNCHANGED
    Scenario Outline: <action> on an instance that is <start> and one that is RESIZING fails for that one, or for both
      Given a <start> instance
      And another RESIZING instance
      When <action> is called on them
      Then the invalid ones are listed as failed and the others are carried out, or it is refused with <denied.start> and nothing changes

      Examples:
        | every batch action |

    @power-mixed-absent @{clauses}-ABSENT @R-REFUSED-UNCHANGED
    Scenario Outline: <action> on two instances and an unknown one fails for that one, or for all
      Given a <start> instance
      And another <start> instance
      And an instance that does not exist
      When <action> is called on them
      Then the invalid ones are listed as failed and the others are carried out, or it is refused with <denied.absent> and nothing changes

      Examples:
        | every batch action |

    @power-mixed-twice @{clauses}-ABSENT @{clauses}-ONLY-FROM @R-REFUSED-UNCHANGED
    Scenario Outline: <action> on an instance that is <start>, one that is <end> and an unknown one fails for the last two, or for all
      Given a <end> instance
      And an instance that does not exist
      And another <start> instance
      When <action> is called on them
      Then the invalid ones are listed as failed and the others are carried out, or it is refused with <denied.start> or <denied.absent> and nothing changes

      Examples:
        | every batch action |

  @C-INSTANCES-TRUE
  Rule: The status of DescribeInstances is the status the instance is in.

    @power-shown-by-both
    Scenario Outline: DescribeInstances shows a running <action> and its end, as DescribeInstancesStatus does
      Given a <start> instance
      When <action> is called on it
      Then the answer is a success
      And DescribeInstances shows the change while it runs

      Examples:
        | every batch action |

  @M-RESIZE-TYPE
  Rule: After a change that succeeded, the instance has the type named.

    @resized-then-started
    Example: A resized instance keeps the new type when it is started and stopped, and takes none that was refused
      Given a STOPPED instance
      When ModifyInstanceType is called on it and then StartInstances
      Then the answer is a success
      And the instance goes through BOOTING or STARTING to RUNNING and stays there
      And the instance has the value asked for
      When ModifyInstanceType is called on it
      Then the answer is the error 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
      When StopInstances is called on it
      Then the answer is a success
      And the instance goes through STOPPING to STOPPED and stays there
      And the instance has the value asked for
