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
        | case                             | parameter       | value       |
        | pageNum is a word                | pageNum         | "one"       |
        | pageNum is a list                | pageNum         | [1]         |
        | resourceGroupId is a number      | resourceGroupId | 42          |
        | pageNum is a truth value         | pageNum         | true        |
        | pageNum is an object             | pageNum         | {"n": 1}    |
        | resourceGroupId is a truth value | resourceGroupId | true        |
        | resourceGroupId is a list        | resourceGroupId | ["x"]       |
        | resourceGroupId is an object     | resourceGroupId | {"id": "x"} |

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
        | instanceIds is a truth value     | instanceIds | true                       |
        | instanceIds is a list of numbers | instanceIds | [42]                       |

    @instances-too-many-ids @E-TOO-LONG
    Example: DescribeInstances is refused more than 100 ids
      When DescribeInstances is called with 101 made-up instanceIds
      Then the answer is the error 400 INVALID_PARAMETER_EXCEED_LENGTH

    @instances-100-ids
    Example: DescribeInstances takes 100 ids
      When DescribeInstances is called with 100 made-up instanceIds
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
        | pageSize is a truth value      | pageSize  | true      |
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
  Rule: An optional parameter that is null or empty (an empty list too), or an empty body where nothing is required, counts as absent, or is refused with a documented 400 pair.

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
    Scenario Outline: DescribeInstances takes a <parameter> that is empty for absent, or refuses it
      Given a STOPPED instance
      When DescribeInstances is called with <parameter> as ""
      Then it counts as absent, or the answer is a documented 400 error

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

  @C-INSTANCES-FILTERS
  Rule: With status, DescribeInstances lists only instances in that status.

    @status-filter
    Scenario Outline: DescribeInstances is asked for those that are <status>
      Given a STOPPED instance
      And another RUNNING instance
      When DescribeInstances is asked for every instance that is <status>
      Then the answer is a success
      And every instance listed is <status>

      Examples:
        | status  |
        | STOPPED |
        | RUNNING |
