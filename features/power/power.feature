@power @change
Feature: Instances that are started and stopped
  StartInstances and StopInstances are asynchronous: the call returns at once, and the
  status says how the work is going. Both take a list of instances.

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
    Scenario Outline: <action> takes a GPU instance like any other
      Given a <start> GPU instance
      When <action> is called on it
      Then the answer is a success
      And the instance goes through <transient> to <end> and stays there

      Examples:
        | every batch action |

    @power-again @{clauses}-END
    Scenario Outline: <action> is carried out on the same instance again
      Given a <start> instance
      When <action> is called on it 3 times in a row
      Then the answer is a success
      And the instance goes through <transient> to <end> and stays there

      Examples:
        | every batch action |

  @{clauses}-ONLY-NAMED
  Rule: {action} changes the instances named and no other.

    @power-bystander
    Scenario Outline: <action> leaves another instance that is <other> as it is
      Given a <start> instance
      And another <other> instance
      When <action> is called on the first one
      Then the answer is a success
      And the instance goes through <transient> to <end> and stays there
      And the other instance is unchanged

      Examples:
        | case                      | every batch action | other   |
        | <action>, another STOPPED |                    | STOPPED |
        | <action>, another RUNNING |                    | RUNNING |

  @{clauses}-BATCH
  Rule: Of several instances, {action} either names in {failed} exactly those it failed for and is carried out on the others, or it is refused as a whole and changes none.

    @power-several @{clauses}-CARRIED-OUT
    Scenario Outline: <action> takes several instances at once
      Given 3 <start> instances
      When <action> is called on them
      Then the answer is a success
      And the instances go through <transient> to <end> and stay there

      Examples:
        | every batch action |

    @power-mixed-status @{clauses}-ONLY-FROM @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is called on instances that are <start> and one that is <end>
      Given a <start> instance
      And another <end> instance
      And another <start> instance
      When <action> is called on them
      Then the bad ones are named as failed and the others go through, or it is refused with <denied.start> and nothing changes

      Examples:
        | every batch action |

    @power-mixed-absent @{clauses}-ABSENT @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is called on instances of which one does not exist
      Given a <start> instance
      And an instance that does not exist
      And another <start> instance
      When <action> is called on them
      Then the bad ones are named as failed and the others go through, or it is refused with <denied.absent> and nothing changes

      Examples:
        | every batch action |

    @power-mixed-twice @{clauses}-ABSENT @{clauses}-ONLY-FROM @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is called on an instance that is <start>, one that is <end> and one that does not exist
      Given a <end> instance
      And an instance that does not exist
      And another <start> instance
      When <action> is called on them
      Then the bad ones are named as failed and the others go through, or it is refused with <denied.start> or <denied.absent> and nothing changes

      Examples:
        | every batch action |
