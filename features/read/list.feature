@read
Feature: Listing instances
  DescribeInstancesStatus and DescribeInstances list the instances that the caller names.

  @{clauses}-UNKNOWN @<action>
  Rule: Unknown ids in the filter of {action}, alone or beside known ones, are left out of the list, or answered with a documented 404 pair, 404 INVALID_INSTANCE_NOT_FOUND among them.

    Scenario Outline: <action> does not list an instance that does not exist
      Given an instance that does not exist
      When <action> is asked for it
      Then the list is empty, or the answer is a documented 404 error

      Examples:
        | id             | every reading action |
        | <slug>-unknown |                      |

    Scenario Outline: <action> lists an existing instance and not one that does not exist
      Given a STOPPED instance
      And an instance that does not exist
      When <action> is asked for them
      Then the list holds those that exist and no other, or the answer is a documented 404 error

      Examples:
        | id                         | every reading action |
        | <slug>-unknown-among-known |                      |

    Scenario Outline: <action> lists the one of 100 ids that exists
      Given 99 instances that do not exist
      And a STOPPED instance
      When <action> is asked for them
      Then the list holds those that exist and no other, or the answer is a documented 404 error

      Examples:
        | id                 | every reading action |
        | <slug>-last-of-100 |                      |

  @{clauses}-FILTER @<action>
  Rule: With instanceIds, {action} lists the named instances and no other, each once.

    Scenario Outline: <action> takes letters that are escaped for the letters
      Given a STOPPED instance
      When <action> is called with the letters of its body escaped
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | id             | every reading action |
        | <slug>-escaped |                      |

    Scenario Outline: <action> lists one instance
      Given a STOPPED instance
      When <action> is asked for it
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | id            | every reading action |
        | <slug>-of-one |                      |

    Scenario Outline: <action> lists a GPU instance
      Given a STOPPED GPU instance
      When <action> is asked for it
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | id              | every reading action |
        | <slug>-graphics |                      |

    Scenario Outline: <action> lists a GPU instance beside another one
      Given a STOPPED GPU instance
      And another STOPPED instance
      When <action> is asked for them
      Then the answer is a success
      And the list holds them and no other

      Examples:
        | id                     | every reading action |
        | <slug>-graphics-beside |                      |

    Scenario Outline: <action> lists several instances
      Given 2 STOPPED instances
      And another RUNNING instance
      When <action> is asked for them
      Then the answer is a success
      And the list holds them and no other

      Examples:
        | id                | every reading action |
        | <slug>-of-several |                      |

  @{clauses}-TOTAL-MATCHES @<action>
  Rule: The totalCount of {action} is the number of matching instances.

    Scenario Outline: <action> counts the matching instances
      Given 2 STOPPED instances
      And another RUNNING instance
      When <action> is asked for them
      Then the answer is a success
      And the total is 3

      Examples:
        | id           | every reading action |
        | <slug>-total |                      |

  @{clauses}-TRUE @<action>
  Rule: The {member} of {action} is the status the instance is in.

    Scenario Outline: <action> shows an instance that is <status>
      Given a <status> instance
      When <action> is asked for it
      Then the answer is a success
      And the list shows the status of each instance

      Examples:
        | id                     | every reading action | status        |
        | <slug>-shown[<status>] |                      | DEPLOYING     |
        | <slug>-shown[<status>] |                      | REBUILDING    |
        | <slug>-shown[<status>] |                      | REBOOT        |
        | <slug>-shown[<status>] |                      | RUNNING       |
        | <slug>-shown[<status>] |                      | STOPPED       |
        | <slug>-shown[<status>] |                      | BOOTING       |
        | <slug>-shown[<status>] |                      | STARTING      |
        | <slug>-shown[<status>] |                      | RELEASING     |
        | <slug>-shown[<status>] |                      | STOPPING      |
        | <slug>-shown[<status>] |                      | RECYCLE       |
        | <slug>-shown[<status>] |                      | RECYCLING     |
        | <slug>-shown[<status>] |                      | CREATE_FAILED |
        | <slug>-shown[<status>] |                      | IMAGING       |
        | <slug>-shown[<status>] |                      | RESIZING      |
