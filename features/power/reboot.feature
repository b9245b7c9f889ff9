@power @reboot
Feature: Reboots that are refused
  No document lists the error codes of RebootInstances. It answers with any 4xx error, or
  lists the instance as failed, and the instance does not change.

  @{clauses}-ONLY-FROM
  Rule: {action} is for instances that are {start}: one in another status is refused, or named in {failed}, and stays as it was.

    @reboot-not-running @R-REFUSED-UNCHANGED
    Scenario Outline: RebootInstances refuses an instance that is <status>
      Given a <status> instance
      When RebootInstances is called on it
      Then it is refused with a documented 4xx error, or listed as failed
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
        | STOPPING      |
        | CREATE_FAILED |
        | IMAGING       |
        | RESIZING      |

    @reboot-graphics @R-REFUSED-UNCHANGED
    Example: RebootInstances refuses a GPU instance that is STOPPED
      Given a STOPPED GPU instance
      When RebootInstances is called on it
      Then it is refused with a documented 4xx error, or listed as failed
      And the instance is unchanged

  @A-REBOOT-REFUSED
  Rule: RebootInstances answers an instance that does not exist, is in the recycle bin or is not RUNNING with a failure under a 4xx status, or names it in instanceIds.

    @reboot-recycled @A-REBOOT-ONLY-FROM @R-REFUSED-UNCHANGED
    Scenario Outline: RebootInstances refuses an instance in the recycle bin that is <status>
      Given a <status> instance
      When RebootInstances is called on it
      Then it is refused with a documented 4xx error, or listed as failed
      And the instance is unchanged

      Examples:
        | status    |
        | RECYCLE   |
        | RECYCLING |

    @reboot-later @A-REBOOT-ONLY-FROM @R-REFUSED-UNCHANGED
    Example: A refused RebootInstances has no delayed effect
      Given a STOPPED instance
      When RebootInstances is called on it
      Then it is refused with a documented 4xx error, or listed as failed
      And the instance stays unchanged

    @reboot-absent
    Example: RebootInstances refuses an instance that does not exist
      Given an instance that does not exist
      When RebootInstances is called on it
      Then it is refused with a documented 4xx error, or listed as failed

    @reboot-100-ids @A-REBOOT-IDS
    Example: RebootInstances takes 100 ids
      Given an instance that does not exist
      When RebootInstances is called with 100 made-up ids
      Then it is refused with a documented 4xx error, or listed as failed

  @A-REBOOT-BATCH
  Rule: Of several instances, RebootInstances either names in instanceIds exactly those it failed for and is carried out on the others, or it is refused as a whole and changes none.

    @reboot-mixed-status @A-REBOOT-ONLY-FROM @R-REFUSED-UNCHANGED
    Example: RebootInstances on a RUNNING instance and a STOPPED one fails for that one, or for both
      Given a RUNNING instance
      And another STOPPED instance
      When RebootInstances is called on them
      Then the invalid ones are listed as failed and the others are carried out, or it is refused with a documented 4xx error and nothing changes

    @reboot-mixed-busy @A-REBOOT-ONLY-FROM @R-REFUSED-UNCHANGED
    Example: RebootInstances on a RUNNING instance and one that is RESIZING fails for that one, or for both
      Given a RUNNING instance
      And another RESIZING instance
      When RebootInstances is called on them
      Then the invalid ones are listed as failed and the others are carried out, or it is refused with a documented 4xx error and nothing changes

    @reboot-mixed @A-REBOOT-REFUSED @R-REFUSED-UNCHANGED
    Example: RebootInstances on two RUNNING instances, a STOPPED one and an unknown one fails for the last two, or for all
      Given a RUNNING instance
      And another STOPPED instance
      And another RUNNING instance
      And an instance that does not exist
      When RebootInstances is called on them
      Then the invalid ones are listed as failed and the others are carried out, or it is refused with a documented 4xx error and nothing changes

  @{clauses}-LOCK
  Rule: While {action} is carried out on an instance, no operation on it is allowed.

    @reboot-lock @R-REFUSED-UNCHANGED
    Scenario Outline: <action> is refused while RebootInstances runs, and the reboot completes
      Given a RUNNING instance
      When RebootInstances is called on it, and <action> while it runs
      Then it is refused with a documented 4xx error, or listed as failed
      And the instance goes through REBOOT to RUNNING and stays there

      Examples:
        | every changing action |

    @reboot-second @R-REFUSED-UNCHANGED
    Scenario Outline: RebootInstances is refused while <action> runs, and <action> completes
      Given a <from> instance
      When <action> is called on it, and RebootInstances while it runs
      Then it is refused with a documented 4xx error, or listed as failed
      And the instance goes through <through> to <to> and stays there

      Examples:
        | action         | from    | through             | to      |
        | StartInstances | STOPPED | BOOTING or STARTING | RUNNING |
        | StopInstances  | RUNNING | STOPPING            | STOPPED |

  @M-RESIZE-LOCK
  Rule: While a change runs, no operation on the instance is allowed.

    @reboot-while-resized @R-REFUSED-UNCHANGED
    Example: RebootInstances is refused while ModifyInstanceType runs, and the resize completes
      Given a STOPPED instance
      When ModifyInstanceType is called on it, and RebootInstances while it runs
      Then it is refused with a documented 4xx error, or listed as failed
      And the instance goes through RESIZING to STOPPED and stays there
      And the instance has the value asked for
