@parameters @read
Feature: The parameters of the actions that list instances
  Every parameter is optional; pages and filters have limits.

  @E-WRONG-TYPE @<action>
  Rule: A parameter of the wrong type is answered with 400 INVALID_PARAMETER_TYPE.

    Scenario Outline: <action> refuses <parameter> as <value>
      When <action> is called with <parameter> as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE

      Examples:
        | id                                               | every reading action | parameter       | value       |
        | <slug>-wrong-type[pageNum is a word]             |                      | pageNum         | "one"       |
        | <slug>-wrong-type[pageNum is a number in a text] |                      | pageNum         | "1"         |
        | <slug>-wrong-type[pageNum is a list]             |                      | pageNum         | [1]         |
        | <slug>-wrong-type[resourceGroupId is a number]   |                      | resourceGroupId | 42          |
        | <slug>-wrong-type[pageNum is a boolean]          |                      | pageNum         | true        |
        | <slug>-wrong-type[pageNum is an object]          |                      | pageNum         | {"n": 1}    |
        | <slug>-wrong-type[resourceGroupId is a boolean]  |                      | resourceGroupId | true        |
        | <slug>-wrong-type[resourceGroupId is a list]     |                      | resourceGroupId | ["x"]       |
        | <slug>-wrong-type[resourceGroupId is an object]  |                      | resourceGroupId | {"id": "x"} |

      @C-INSTANCES-FILTERS
      Examples:
        | id                                          | action            | parameter   | value       |
        | filter-wrong-type[zoneId is a number]       | DescribeInstances | zoneId      | 42          |
        | filter-wrong-type[zoneId is a boolean]      | DescribeInstances | zoneId      | true        |
        | filter-wrong-type[zoneId is an array]       | DescribeInstances | zoneId      | ["x"]       |
        | filter-wrong-type[zoneId is an object]      | DescribeInstances | zoneId      | {"id": "x"} |
        | filter-wrong-type[imageId is a number]      | DescribeInstances | imageId     | 42          |
        | filter-wrong-type[imageId is a boolean]     | DescribeInstances | imageId     | true        |
        | filter-wrong-type[imageId is an array]      | DescribeInstances | imageId     | ["x"]       |
        | filter-wrong-type[imageId is an object]     | DescribeInstances | imageId     | {"id": "x"} |
        | filter-wrong-type[status is a number]       | DescribeInstances | status      | 42          |
        | filter-wrong-type[status is a boolean]      | DescribeInstances | status      | true        |
        | filter-wrong-type[status is an array]       | DescribeInstances | status      | ["x"]       |
        | filter-wrong-type[status is an object]      | DescribeInstances | status      | {"id": "x"} |
        | filter-wrong-type[name is a number]         | DescribeInstances | name        | 42          |
        | filter-wrong-type[name is a boolean]        | DescribeInstances | name        | true        |
        | filter-wrong-type[name is an array]         | DescribeInstances | name        | ["x"]       |
        | filter-wrong-type[name is an object]        | DescribeInstances | name        | {"id": "x"} |
        | filter-wrong-type[ipv4Address is a number]  | DescribeInstances | ipv4Address | 42          |
        | filter-wrong-type[ipv4Address is a boolean] | DescribeInstances | ipv4Address | true        |
        | filter-wrong-type[ipv4Address is an array]  | DescribeInstances | ipv4Address | ["x"]       |
        | filter-wrong-type[ipv4Address is an object] | DescribeInstances | ipv4Address | {"id": "x"} |
        | filter-wrong-type[ipv6Address is a number]  | DescribeInstances | ipv6Address | 42          |
        | filter-wrong-type[ipv6Address is a boolean] | DescribeInstances | ipv6Address | true        |
        | filter-wrong-type[ipv6Address is an array]  | DescribeInstances | ipv6Address | ["x"]       |
        | filter-wrong-type[ipv6Address is an object] | DescribeInstances | ipv6Address | {"id": "x"} |

  @{clauses}-IDS @<action>
  Rule: The instanceIds of {action} are up to 100 strings.

    @E-WRONG-TYPE
    Scenario Outline: <action> refuses instanceIds as <value>
      When <action> is called with instanceIds as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE

      Examples:
        | id                                                      | every reading action | value                      |
        | <slug>-ids-wrong-type[instanceIds is a text]            |                      | "no-such-instance"         |
        | <slug>-ids-wrong-type[instanceIds is a number]          |                      | 42                         |
        | <slug>-ids-wrong-type[instanceIds is an object]         |                      | {"id": "no-such-instance"} |
        | <slug>-ids-wrong-type[instanceIds is a boolean]         |                      | true                       |
        | <slug>-ids-wrong-type[instanceIds is a list of numbers] |                      | [42]                       |

    Scenario Outline: <action> refuses a number after an id, or the id
      When <action> is called with instanceIds as ["no-such-instance", 42]
      Then the answer is a documented 400 or 404 error

      Examples:
        | id               | every reading action |
        | <slug>-ids-mixed |                      |

    @E-TOO-LONG
    Scenario Outline: <action> refuses more than 100 ids, or does not find them
      When <action> is called with 101 made-up ids
      Then the answer is a documented 404 error or the error 400 INVALID_PARAMETER_EXCEED_LENGTH

      Examples:
        | id                  | every reading action |
        | <slug>-too-many-ids |                      |

    Scenario Outline: <action> takes 100 ids
      When <action> is called with 100 made-up ids
      Then the list is empty, or the answer is a documented 404 error

      Examples:
        | id             | every reading action |
        | <slug>-100-ids |                      |

  @{clauses}-PAGE-SIZE @<action>
  Rule: The pageSize of {action} is an integer of at most 1000.

    @E-WRONG-TYPE
    Scenario Outline: <action> refuses pageSize as <value>
      When <action> is called with pageSize as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE

      Examples:
        | id                                                          | every reading action | value     |
        | <slug>-page-size-wrong-type[pageSize is a word]             |                      | "ten"     |
        | <slug>-page-size-wrong-type[pageSize is a boolean]          |                      | true      |
        | <slug>-page-size-wrong-type[pageSize is a list]             |                      | [10]      |
        | <slug>-page-size-wrong-type[pageSize is an object]          |                      | {"n": 10} |
        | <slug>-page-size-wrong-type[pageSize is a number in a text] |                      | "10"      |

    @E-MAXIMUM
    Scenario Outline: <action> refuses a page of more than 1000
      When <action> is called with pageSize as 1001
      Then the answer is the error 400 INVALID_PARAMETER_EXCEED_MAXIMUM

      Examples:
        | id                    | every reading action |
        | <slug>-page-too-large |                      |

    Scenario Outline: <action> returns a page of 1000
      When <action> is called with pageSize as 1000
      Then the answer is a success
      And the list holds at most 1000 instances
      And no page follows if it holds fewer than 1000

      Examples:
        | id                  | every reading action |
        | <slug>-page-of-1000 |                      |

  @C-OPTIONAL-EMPTY @<action>
  Rule: An optional parameter that is null, an empty list, or an empty body where nothing is required, counts as absent, or is refused with a documented 400 pair; an optional parameter that is the empty text may besides count as a value that nothing has.

    Scenario Outline: <action> ignores or refuses <parameter> as <value>
      Given a STOPPED instance
      When <action> is called with <parameter> as <value>
      Then it counts as absent, or the answer is a documented 400 error

      Examples:
        | id                       | every reading action | parameter       | value |
        | <slug>-null[<parameter>] |                      | instanceIds     | null  |
        | <slug>-null[<parameter>] |                      | pageSize        | null  |
        | <slug>-null[<parameter>] |                      | pageNum         | null  |
        | <slug>-null[<parameter>] |                      | resourceGroupId | null  |
        | <slug>-empty-list        |                      | instanceIds     | []    |

      Examples:
        | id                          | action            | parameter   | value |
        | instances-null[<parameter>] | DescribeInstances | name        | null  |
        | instances-null[<parameter>] | DescribeInstances | status      | null  |
        | instances-null[<parameter>] | DescribeInstances | zoneId      | null  |
        | instances-null[<parameter>] | DescribeInstances | imageId     | null  |
        | instances-null[<parameter>] | DescribeInstances | ipv4Address | null  |
        | instances-null[<parameter>] | DescribeInstances | ipv6Address | null  |

    Scenario Outline: <action> ignores, refuses or matches nothing by <parameter> as ""
      Given a STOPPED instance
      When <action> is called with <parameter> as ""
      Then it counts as absent or as a value that nothing has, or the answer is a documented 400 or 404 error

      Examples:
        | id                             | every reading action | parameter       |
        | <slug>-empty-text[<parameter>] |                      | resourceGroupId |

      Examples:
        | id                                | action            | parameter   |
        | instances-empty-text[<parameter>] | DescribeInstances | name        |
        | instances-empty-text[<parameter>] | DescribeInstances | status      |
        | instances-empty-text[<parameter>] | DescribeInstances | zoneId      |
        | instances-empty-text[<parameter>] | DescribeInstances | imageId     |
        | instances-empty-text[<parameter>] | DescribeInstances | ipv4Address |
        | instances-empty-text[<parameter>] | DescribeInstances | ipv6Address |

    Scenario Outline: <action> ignores or refuses an empty body
      Given a STOPPED instance
      When <action> is called with an empty body
      Then it counts as absent, or the answer is a documented 400 error

      Examples:
        | id                | every reading action |
        | <slug>-empty-body |                      |

  @{clauses}-OPTIONAL @<action>
  Rule: Every parameter of {action} is optional.

    Scenario Outline: <action> succeeds with no parameters
      When <action> is called with no parameters
      Then the answer is a success

      Examples:
        | id                   | every reading action |
        | <slug>-no-parameters |                      |

    Scenario Outline: <action> succeeds with <parameter> alone
      When <action> is called with <parameter> as <value>
      Then the answer is a success

      Examples:
        | id                                | every reading action | parameter | value |
        | <slug>-one-parameter[<parameter>] |                      | pageSize  | 10    |
        | <slug>-one-parameter[<parameter>] |                      | pageNum   | 1     |

  @{clauses}-PAGE @<action>
  Rule: A page of {action} holds at most pageSize rows, and the pages together hold every matching instance once.

    Scenario Outline: <action> returns three instances in pages of <size>
      Given 2 STOPPED instances
      And another RUNNING instance
      When <action> is asked for them in pages of <size>
      Then the answer is a success
      And no page holds more than <size>, and together they hold each instance once

      Examples:
        | id                   | every reading action | size |
        | <slug>-pages[<size>] |                      | 1    |
        | <slug>-pages[<size>] |                      | 2    |
        | <slug>-pages[<size>] |                      | 3    |

  @C-STATUS-PAGE-DEFAULT @DescribeInstancesStatus
  Rule: Without paging, DescribeInstancesStatus gives page 1 of at most 20 rows.

    Scenario Outline: DescribeInstancesStatus returns <count> 20 instances by default
      When DescribeInstancesStatus is called with no parameters
      Then the answer is a success
      And the list <holds>

      Examples:
        | id                        | count   | holds                      |
        | status-default-page       | at most | holds at most 20 instances |
        | status-default-page-is-20 | up to   | is as long as a page of 20 |

  @D-INSTANCES-PAGE-DEFAULT @DescribeInstances
  Rule: Without paging, DescribeInstances gives page 1 of at most 20 rows.

    Scenario Outline: DescribeInstances returns <count> 20 instances by default
      When DescribeInstances is called with no parameters
      Then the answer is a success
      And the list <holds>

      Examples:
        | id                           | count   | holds                      |
        | instances-default-page       | at most | holds at most 20 instances |
        | instances-default-page-is-20 | up to   | is as long as a page of 20 |

  @C-INSTANCES-FILTERS @DescribeInstances
  Rule: With zoneId, imageId, status, name, ipv4Address, ipv6Address or resourceGroupId, DescribeInstances lists the instances that have the value and no other; name is a fuzzy search.

    @filter-by-own-value
    Scenario Outline: DescribeInstances finds an instance by its <parameter>
      Given a STOPPED instance
      When DescribeInstances is asked for every instance with the same <parameter>
      Then the list holds exactly those of the instances that have it

      Examples:
        | parameter |
        | zoneId    |
        | imageId   |
        | name      |

    @status-filter
    Scenario Outline: DescribeInstances finds an instance that is <status> and no <other> one
      Given a <status> instance
      And another <other> instance
      When DescribeInstances is asked for every instance with the same status
      Then the list holds exactly those of the instances that have it

      Examples:
        | status        | other   |
        | DEPLOYING     | RUNNING |
        | REBUILDING    | RUNNING |
        | REBOOT        | RUNNING |
        | RUNNING       | STOPPED |
        | STOPPED       | RUNNING |
        | BOOTING       | RUNNING |
        | RELEASING     | RUNNING |
        | STOPPING      | STOPPED |
        | RECYCLE       | RECYCLING |
        | RECYCLING     | RECYCLE |
        | CREATE_FAILED | RUNNING |
        | IMAGING       | RUNNING |
        | RESIZING      | RUNNING |

    @status-filter-several
    Example: DescribeInstances finds every instance of a status
      Given 3 STOPPED instances
      And another RUNNING instance
      When DescribeInstances is asked for every instance with the same status
      Then the list holds exactly those of the instances that have it

    @filter-beside-id
    Scenario Outline: DescribeInstances finds an instance by its id and its <parameter>
      Given a STOPPED instance
      When DescribeInstances is asked for it and its own <parameter>
      Then the answer is a success
      And the list holds it and no other

      Examples:
        | parameter |
        | zoneId    |
        | name      |
        | status    |

    @filter-beside-id-unknown
    Scenario Outline: DescribeInstances finds nothing by an id and a <parameter> that nothing has
      Given a STOPPED instance
      When DescribeInstances is asked for it and a <parameter> that no instance has
      Then the list is empty, or the answer is a documented 400 or 404 error

      Examples:
        | parameter       |
        | zoneId          |
        | imageId         |
        | status          |
        | name            |

    @filter-beside-id-beginning
    Example: DescribeInstances finds nothing by an id and the beginning of its zoneId
      Given a STOPPED instance
      When DescribeInstances is asked for it and the beginning of its zoneId
      Then the list is empty, or the answer is a documented 400 or 404 error

    @filter-beside-id-longer
    Example: DescribeInstances finds nothing by an id and a text that is longer than its name
      Given a STOPPED instance
      When DescribeInstances is asked for it and more than its name
      Then the list is empty, or the answer is a documented 400 or 404 error

    @filter-beside-id-wildcard
    Example: DescribeInstances finds nothing by an id and a wildcard in place of its name
      Given a STOPPED instance
      When DescribeInstances is asked for it and a wildcard for its name
      Then the list is empty, or the answer is a documented 400 or 404 error

    @filters-together
    Example: DescribeInstances finds nothing by the status of an instance and a name that nothing has
      Given a STOPPED instance
      When DescribeInstances is asked for every instance with the same status and a name that no instance has
      Then the list is empty, or the answer is a documented 400 or 404 error

    @filter-by-no-value
    Scenario Outline: DescribeInstances finds nothing by a <parameter> that nothing has
      Given a STOPPED instance
      When DescribeInstances is asked for a <parameter> that no instance has
      Then the list is empty, or the answer is a documented 400 or 404 error

      Examples:
        | parameter       |
        | zoneId          |
        | imageId         |
        | status          |
        | name            |
        | ipv4Address     |
        | ipv6Address     |
        | resourceGroupId |

  @C-STATUS-FILTERS @DescribeInstancesStatus
  Rule: With resourceGroupId, DescribeInstancesStatus lists the instances of that resource group and no other.

    @group-beside-id
    Example: DescribeInstancesStatus finds nothing by an id and a resourceGroupId that nothing has
      Given a STOPPED instance
      When DescribeInstancesStatus is asked for it and a resourceGroupId that no instance has
      Then the list is empty, or the answer is a documented 400 or 404 error

    @unknown-group
    Example: DescribeInstancesStatus finds nothing by a resourceGroupId that nothing has
      Given a STOPPED instance
      When DescribeInstancesStatus is asked for a resourceGroupId that no instance has
      Then the list is empty, or the answer is a documented 400 or 404 error
