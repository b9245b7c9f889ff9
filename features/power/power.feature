@power @change
Feature: Instances that are started and stopped
  StartInstances and StopInstances are asynchronous: the call returns at once, and the
  status says how the work is going. Both take a list of instances.

  @{clauses}-CARRIED-OUT
  Rule: {action} is carried out on an instance that is {start}: it goes through {transient} to {end}.

    @power-succeeds @{clauses}-ASYNC @{clauses}-TRANSIENT @{clauses}-END @{clauses}-FAILED
    Scenario Outline: <action> takes an instance from <from> through <through> to <to>
      Given a <from> instance
      When <action> is called on it
      Then the answer is a success
      And the instance goes through <through> to <to> and stays there

      Examples:
        | action          | from    | through             | to      |
        | StartInstances  | STOPPED | BOOTING or STARTING | RUNNING |
        | StopInstances   | RUNNING | STOPPING            | STOPPED |
        | RebootInstances | RUNNING | REBOOT              | RUNNING |

    @graphics-powered
    Scenario Outline: <action> takes a GPU instance like any other
      Given a <from> GPU instance
      When <action> is called on it
      Then the answer is a success
      And the instance goes through <through> to <to> and stays there

      Examples:
        | action          | from    | through             | to      |
        | StartInstances  | STOPPED | BOOTING or STARTING | RUNNING |
        | StopInstances   | RUNNING | STOPPING            | STOPPED |
        | RebootInstances | RUNNING | REBOOT              | RUNNING |

    @power-again @{clauses}-END
    Scenario Outline: <action> is carried out on the same instance again
      Given a <from> instance
      When <action> is called on it 3 times in a row
      Then the answer is a success
      And the instance goes through <through> to <to> and stays there

      Examples:
        | action          | from    | through             | to      |
        | StartInstances  | STOPPED | BOOTING or STARTING | RUNNING |
        | StopInstances   | RUNNING | STOPPING            | STOPPED |
        | RebootInstances | RUNNING | REBOOT              | RUNNING |

  @{clauses}-ONLY-NAMED
  Rule: {action} changes the instances named and no other.

    @power-bystander
    Scenario Outline: <action> leaves another instance that is <other> as it is
      Given a <from> instance
      And another <other> instance
      When <action> is called on the first one
      Then the answer is a success
      And the instance goes through <through> to <to> and stays there
      And the other instance is unchanged

      Examples:
        | case                             | action          | from    | other   | through             | to      |
        | StartInstances, another STOPPED  | StartInstances  | STOPPED | STOPPED | BOOTING or STARTING | RUNNING |
        | StartInstances, another RUNNING  | StartInstances  | STOPPED | RUNNING | BOOTING or STARTING | RUNNING |
        | StopInstances, another RUNNING   | StopInstances   | RUNNING | RUNNING | STOPPING            | STOPPED |
        | StopInstances, another STOPPED   | StopInstances   | RUNNING | STOPPED | STOPPING            | STOPPED |
        | RebootInstances, another RUNNING | RebootInstances | RUNNING | RUNNING | REBOOT              | RUNNING |
        | RebootInstances, another STOPPED | RebootInstances | RUNNING | STOPPED | REBOOT              | RUNNING |

  @{clauses}-BATCH
  Rule: Of several instances, {action} either names in {failed} exactly those it failed for and is carried out on the others, or it is refused as a whole and changes none.

    @power-several @{clauses}-CARRIED-OUT
    Scenario Outline: <action> takes several instances at once
      Given 3 <from> instances
      When <action> is called on them
      Then the answer is a success
      And the instances go through <through> to <to> and stay there

      Examples:
        | action          | from    | through             | to      |
        | StartInstances  | STOPPED | BOOTING or STARTING | RUNNING |
        | StopInstances   | RUNNING | STOPPING            | STOPPED |
        | RebootInstances | RUNNING | REBOOT              | RUNNING |

    @power-mixed-status @{clauses}-ONLY-FROM @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is called on instances that are <from> and one that is <other>
      Given a <from> instance
      And another <other> instance
      And another <from> instance
      When <action> is called on them
      Then the bad ones are named as failed and the others go through, or it is refused with <pair> and nothing changes

      Examples:
        | action         | from    | other   | pair                                      |
        | StartInstances | STOPPED | RUNNING | 403 OPERATION_DENIED_INSTANCE_NOT_STOPPED |
        | StopInstances  | RUNNING | STOPPED | 403 OPERATION_DENIED_INSTANCE_NOT_RUNNING |

    @power-mixed-absent @{clauses}-ABSENT @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is called on instances of which one does not exist
      Given a <from> instance
      And an instance that does not exist
      And another <from> instance
      When <action> is called on them
      Then the bad ones are named as failed and the others go through, or it is refused with 404 INVALID_INSTANCE_NOT_FOUND and nothing changes

      Examples:
        | action          | from    |
        | StartInstances  | STOPPED |
        | StopInstances   | RUNNING |

    @power-mixed-twice @{clauses}-ABSENT @{clauses}-ONLY-FROM @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is called on an instance that is <from>, one that is <other> and one that does not exist
      Given a <other> instance
      And an instance that does not exist
      And another <from> instance
      When <action> is called on them
      Then the bad ones are named as failed and the others go through, or it is refused with <pair> or 404 INVALID_INSTANCE_NOT_FOUND and nothing changes

      Examples:
        | action         | from    | other   | pair                                      |
        | StartInstances | STOPPED | RUNNING | 403 OPERATION_DENIED_INSTANCE_NOT_STOPPED |
        | StopInstances  | RUNNING | STOPPED | 403 OPERATION_DENIED_INSTANCE_NOT_RUNNING |
