@parameters @read @DescribeInstances
Feature: The parameters of DescribeInstances
  Every parameter is optional; pages and filters have limits.

  @E-WRONG-TYPE
  Rule: A parameter of the wrong type is answered with 400 INVALID_PARAMETER_TYPE.

    @instances-wrong-type
    Scenario Outline: DescribeInstances whose <case> is refused
      When DescribeInstances is called with <parameter> as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE

      Examples:
        | case                         | parameter       | value       |
        | pageNum is a word            | pageNum         | "one"       |
        | pageNum is a list            | pageNum         | [1]         |
        | resourceGroupId is a number  | resourceGroupId | 42          |
        | pageNum is a boolean         | pageNum         | true        |
        | pageNum is an object         | pageNum         | {"n": 1}    |
        | resourceGroupId is a boolean | resourceGroupId | true        |
        | resourceGroupId is a list    | resourceGroupId | ["x"]       |
        | resourceGroupId is an object | resourceGroupId | {"id": "x"} |

    @filter-wrong-type @C-INSTANCES-FILTERS
    Scenario Outline: DescribeInstances whose <case> is refused
      When DescribeInstances is called with <parameter> as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE

      Examples:
        | case                     | parameter   | value       |
        | zoneId is a number       | zoneId      | 42          |
        | zoneId is a boolean      | zoneId      | true        |
        | zoneId is an array       | zoneId      | ["x"]       |
        | zoneId is an object      | zoneId      | {"id": "x"} |
        | imageId is a number      | imageId     | 42          |
        | imageId is a boolean     | imageId     | true        |
        | imageId is an array      | imageId     | ["x"]       |
        | imageId is an object     | imageId     | {"id": "x"} |
        | status is a number       | status      | 42          |
        | status is a boolean      | status      | true        |
        | status is an array       | status      | ["x"]       |
        | status is an object      | status      | {"id": "x"} |
        | name is a number         | name        | 42          |
        | name is a boolean        | name        | true        |
        | name is an array         | name        | ["x"]       |
        | name is an object        | name        | {"id": "x"} |
        | ipv4Address is a number  | ipv4Address | 42          |
        | ipv4Address is a boolean | ipv4Address | true        |
        | ipv4Address is an array  | ipv4Address | ["x"]       |
        | ipv4Address is an object | ipv4Address | {"id": "x"} |
        | ipv6Address is a number  | ipv6Address | 42          |
        | ipv6Address is a boolean | ipv6Address | true        |
        | ipv6Address is an array  | ipv6Address | ["x"]       |
        | ipv6Address is an object | ipv6Address | {"id": "x"} |

  @C-INSTANCES-IDS
  Rule: The instanceIds of DescribeInstances are up to 100 strings.

    @instances-ids-wrong-type @E-WRONG-TYPE
    Scenario Outline: DescribeInstances whose <case> is refused
      When DescribeInstances is called with <parameter> as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE

      Examples:
        | case                             | parameter   | value                      |
        | instanceIds is a text            | instanceIds | "no-such-instance"         |
        | instanceIds is a number          | instanceIds | 42                         |
        | instanceIds is an object         | instanceIds | {"id": "no-such-instance"} |
        | instanceIds is a boolean         | instanceIds | true                       |
        | instanceIds is a list of numbers | instanceIds | [42]                       |

    @instances-too-many-ids @E-TOO-LONG
    Example: DescribeInstances refuses more than 100 ids, none of which exists
      When DescribeInstances is called with 101 made-up ids
      Then the answer is a documented 404 error or the error 400 INVALID_PARAMETER_EXCEED_LENGTH

    @instances-100-ids
    Example: DescribeInstances takes 100 ids
      When DescribeInstances is called with 100 made-up ids
      Then the list is empty, or the answer is a documented 404 error

  @C-INSTANCES-PAGE-SIZE
  Rule: The pageSize of DescribeInstances is an integer of at most 1000.

    @instances-page-size-wrong-type @E-WRONG-TYPE
    Scenario Outline: DescribeInstances whose <case> is refused
      When DescribeInstances is called with <parameter> as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE

      Examples:
        | case                           | parameter | value     |
        | pageSize is a word             | pageSize  | "ten"     |
        | pageSize is a boolean          | pageSize  | true      |
        | pageSize is a list             | pageSize  | [10]      |
        | pageSize is an object          | pageSize  | {"n": 10} |
        | pageSize is a number in a text | pageSize  | "10"      |

    @instances-page-too-large @E-MAXIMUM
    Example: DescribeInstances is refused pages of more than 1000
      When DescribeInstances is called with pageSize as 1001
      Then the answer is the error 400 INVALID_PARAMETER_EXCEED_MAXIMUM

    @instances-page-of-1000
    Example: DescribeInstances gives pages of 1000
      Given a STOPPED instance
      When DescribeInstances is called with pageSize as 1000
      Then the answer is a success
      And the list holds at most 1000 instances

  @C-OPTIONAL-EMPTY
  Rule: An optional parameter that is null, an empty list, or an empty body where nothing is required, counts as absent, or is refused with a documented 400 pair; an optional parameter that is the empty text may besides count as a value that nothing has.

    @instances-null
    Scenario Outline: DescribeInstances takes a <parameter> that is null for absent, or refuses it
      Given a STOPPED instance
      When DescribeInstances is called with <parameter> as null
      Then it counts as absent, or the answer is a documented 400 error

      Examples:
        | parameter       |
        | instanceIds     |
        | pageSize        |
        | pageNum         |
        | resourceGroupId |
        | name            |
        | status          |
        | zoneId          |
        | imageId         |
        | ipv4Address     |
        | ipv6Address     |

    @instances-empty-text
    Scenario Outline: DescribeInstances takes a <parameter> that is the empty string for absent or for a value that nothing has, or refuses it
      Given a STOPPED instance
      When DescribeInstances is called with <parameter> as ""
      Then it counts as absent or as a value that nothing has, or the answer is a documented 400 or 404 error

      Examples:
        | parameter       |
        | resourceGroupId |
        | name            |
        | status          |
        | zoneId          |
        | imageId         |
        | ipv4Address     |
        | ipv6Address     |

    @instances-empty-list
    Example: DescribeInstances takes an empty list of ids for none, or refuses it
      Given a STOPPED instance
      When DescribeInstances is called with instanceIds as []
      Then it counts as absent, or the answer is a documented 400 error

    @instances-empty-body
    Example: DescribeInstances takes an empty body for no parameters, or refuses it
      Given a STOPPED instance
      When DescribeInstances is called with an empty body
      Then it counts as absent, or the answer is a documented 400 error

  @C-INSTANCES-OPTIONAL
  Rule: Every parameter of DescribeInstances is optional.

    @instances-no-parameters
    Example: DescribeInstances is called with no parameters
      When DescribeInstances is called with no parameters
      Then the answer is a success

    @instances-one-parameter
    Scenario Outline: DescribeInstances is called with <parameter> alone
      When DescribeInstances is called with <parameter> as <value>
      Then the answer is a success

      Examples:
        | parameter | value |
        | pageSize  | 10    |
        | pageNum   | 1     |

  @C-INSTANCES-PAGE
  Rule: A page of DescribeInstances holds at most pageSize rows, and the pages together hold every matching instance once.

    @instances-pages
    Scenario Outline: DescribeInstances gives three instances in pages of <size>
      Given 2 STOPPED instances
      And another RUNNING instance
      When DescribeInstances is asked for them in pages of <size>
      Then the answer is a success
      And no page holds more than <size>, and together they hold each instance once

      Examples:
        | size |
        | 1    |
        | 2    |

  @D-INSTANCES-PAGE-DEFAULT
  Rule: Without paging, DescribeInstances gives page 1 of at most 20 rows.

    @instances-default-page
    Example: DescribeInstances gives at most 20 instances when no page size is named
      When DescribeInstances is called with no parameters
      Then the answer is a success
      And the list holds at most 20 instances

    @instances-default-page-is-20
    Example: DescribeInstances gives as many instances as with pages of 20 when no page size is named
      When DescribeInstances is called with no parameters
      Then the answer is a success
      And the list is as long as a page of 20

  @C-INSTANCES-FILTERS
  Rule: With zoneId, imageId, status, name, ipv4Address, ipv6Address or resourceGroupId, DescribeInstances lists the instances that have the value and no other; name is a fuzzy search.

    @filter-by-own-value
    Scenario Outline: DescribeInstances finds an instance by its <parameter>
      Given a STOPPED instance
      When DescribeInstances is asked for every instance that has its <parameter>
      Then the list holds those of them that have it and no other of them

      Examples:
        | parameter |
        | zoneId    |
        | imageId   |
        | name      |

    @status-filter
    Scenario Outline: DescribeInstances finds an instance that is <status> and no <other> one
      Given a <status> instance
      And another <other> instance
      When DescribeInstances is asked for every instance that has its status
      Then the list holds those of them that have it and no other of them

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
        | RECYCLE       | RUNNING |
        | RECYCLING     | RECYCLE |
        | CREATE_FAILED | RUNNING |
        | IMAGING       | RUNNING |
        | RESIZING      | RUNNING |

    @status-filter-several
    Example: DescribeInstances finds every instance of a status
      Given 3 STOPPED instances
      And another RUNNING instance
      When DescribeInstances is asked for every instance that has its status
      Then the list holds those of them that have it and no other of them

    @filter-by-no-value
    Scenario Outline: DescribeInstances finds nothing by a <parameter> that nothing has
      Given a STOPPED instance
      When DescribeInstances is asked for a <parameter> that nothing has
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
