@lock @change
Feature: One operation at a time
  While an action runs on an instance, a second one is refused, and the first one completes.

  @{clauses}-LOCK
  Rule: While {action} is carried out on an instance, no operation on it is allowed.

    @power-lock @R-REFUSED-UNCHANGED
    Scenario Outline: <second> is refused while <action> runs, and <action> completes
      Given a <from> instance
      When <action> is called on it, and <second> while it runs
      Then it is refused with <pair>, or listed as failed
      And the instance goes through <through> to <to> and stays there

      Examples:
        | case                                     | action         | second             | from    | pair                                             | through             | to      |
        | StartInstances during StartInstances     | StartInstances | StartInstances     | STOPPED | 403 OPERATION_DENIED_INSTANCE_NOT_STOPPED        | BOOTING or STARTING | RUNNING |
        | StopInstances during StartInstances      | StartInstances | StopInstances      | STOPPED | 403 OPERATION_DENIED_INSTANCE_NOT_RUNNING        | BOOTING or STARTING | RUNNING |
        | ModifyInstanceType during StartInstances | StartInstances | ModifyInstanceType | STOPPED | 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT | BOOTING or STARTING | RUNNING |
        | StartInstances during StopInstances      | StopInstances  | StartInstances     | RUNNING | 403 OPERATION_DENIED_INSTANCE_NOT_STOPPED        | STOPPING            | STOPPED |
        | ModifyInstanceType during StopInstances  | StopInstances  | ModifyInstanceType | RUNNING | 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT | STOPPING            | STOPPED |

    @graphics-lock @R-REFUSED-UNCHANGED
    Scenario Outline: <second> is refused on a GPU instance while <action> runs, and <action> completes
      Given a <from> GPU instance
      When <action> is called on it, and <second> while it runs
      Then it is refused with <pair>, or listed as failed
      And the instance goes through <through> to <to> and stays there

      Examples:
        | case                                 | action         | second         | from    | pair                                      | through             | to      |
        | StopInstances during StartInstances  | StartInstances | StopInstances  | STOPPED | 403 OPERATION_DENIED_INSTANCE_NOT_RUNNING | BOOTING or STARTING | RUNNING |
        | StartInstances during StopInstances  | StopInstances  | StartInstances | RUNNING | 403 OPERATION_DENIED_INSTANCE_NOT_STOPPED | STOPPING            | STOPPED |

  @M-RESIZE-LOCK
  Rule: While a change runs, no operation on the instance is allowed.

    @resize-lock @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused while ModifyInstanceType runs, and the resize completes
      Given a STOPPED instance
      When ModifyInstanceType is called on it, and <action> while it runs
      Then it is refused with <denied.start>, or listed as failed
      And the instance goes through RESIZING to STOPPED and stays there
      And the instance has the value asked for

      Examples:
        | every batch action |

    @resize-lock-batch @R-REFUSED-UNCHANGED
    Scenario Outline: <action> of two instances, of which one is being resized and the other is <other>, is refused or fails for both
      Given a STOPPED instance
      And another <other> instance
      When ModifyInstanceType is called on it, and <action> while it runs
      Then it is refused with <pair>, or listed as failed, as is the other one
      And the instance goes through RESIZING to STOPPED and stays there

      Examples:
        | action          | other   | pair                                      |
        | StartInstances  | RUNNING | 403 OPERATION_DENIED_INSTANCE_NOT_STOPPED |
        | StopInstances   | STOPPED | 403 OPERATION_DENIED_INSTANCE_NOT_RUNNING |
        | RebootInstances | STOPPED | a documented 4xx error                    |

    @start-after-lock @A-START-CARRIED-OUT @A-START-TRANSIENT @A-START-END
    Example: An instance whose start was refused while it was resized is started afterwards
      Given a STOPPED instance
      When ModifyInstanceType is called on it, and StartInstances while it runs
      Then it is refused with 403 OPERATION_DENIED_INSTANCE_NOT_STOPPED, or listed as failed
      And the instance goes through RESIZING to STOPPED and stays there
      And the instance has the value asked for, and shows it in a list of its status
      When StartInstances is called on it
      Then the answer is a success
      And the instance goes through BOOTING or STARTING to RUNNING and stays there
