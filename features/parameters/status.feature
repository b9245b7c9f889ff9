@parameters @read @DescribeInstancesStatus
Feature: The parameters of DescribeInstancesStatus
  Every parameter is optional; pages and filters have limits.

  @E-WRONG-TYPE
  Rule: A parameter of the wrong type is answered with 400 INVALID_PARAMETER_TYPE.

    @status-wrong-type
    Scenario Outline: DescribeInstancesStatus whose <case> is refused
      When DescribeInstancesStatus is called with <parameter> as <value>
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

  @C-STATUS-IDS
  Rule: The instanceIds of DescribeInstancesStatus are up to 100 strings.

    @status-ids-wrong-type @E-WRONG-TYPE
    Scenario Outline: DescribeInstancesStatus whose <case> is refused
      When DescribeInstancesStatus is called with <parameter> as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE

      Examples:
        | case                             | parameter   | value                      |
        | instanceIds is a text            | instanceIds | "no-such-instance"         |
        | instanceIds is a number          | instanceIds | 42                         |
        | instanceIds is an object         | instanceIds | {"id": "no-such-instance"} |
        | instanceIds is a boolean         | instanceIds | true                       |
        | instanceIds is a list of numbers | instanceIds | [42]                       |

    @status-too-many-ids @E-TOO-LONG
    Example: DescribeInstancesStatus refuses more than 100 ids, none of which exists
      When DescribeInstancesStatus is called with 101 made-up ids
      Then the answer is a documented 404 error or the error 400 INVALID_PARAMETER_EXCEED_LENGTH

    @status-100-ids
    Example: DescribeInstancesStatus takes 100 ids
      When DescribeInstancesStatus is called with 100 made-up ids
      Then the list is empty, or the answer is a documented 404 error

  @C-STATUS-PAGE-SIZE
  Rule: The pageSize of DescribeInstancesStatus is an integer of at most 1000.

    @status-page-size-wrong-type @E-WRONG-TYPE
    Scenario Outline: DescribeInstancesStatus whose <case> is refused
      When DescribeInstancesStatus is called with <parameter> as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE

      Examples:
        | case                           | parameter | value     |
        | pageSize is a word             | pageSize  | "ten"     |
        | pageSize is a boolean          | pageSize  | true      |
        | pageSize is a list             | pageSize  | [10]      |
        | pageSize is an object          | pageSize  | {"n": 10} |
        | pageSize is a number in a text | pageSize  | "10"      |

    @status-page-too-large @E-MAXIMUM
    Example: DescribeInstancesStatus is refused pages of more than 1000
      When DescribeInstancesStatus is called with pageSize as 1001
      Then the answer is the error 400 INVALID_PARAMETER_EXCEED_MAXIMUM

    @status-page-of-1000
    Example: DescribeInstancesStatus gives pages of 1000
      Given a STOPPED instance
      When DescribeInstancesStatus is called with pageSize as 1000
      Then the answer is a success
      And the list holds at most 1000 instances

  @C-OPTIONAL-EMPTY
  Rule: An optional parameter that is null, an empty list, or an empty body where nothing is required, counts as absent, or is refused with a documented 400 pair; an optional parameter that is the empty text may besides count as a value that nothing has.

    @status-null
    Scenario Outline: DescribeInstancesStatus takes a <parameter> that is null for absent, or refuses it
      Given a STOPPED instance
      When DescribeInstancesStatus is called with <parameter> as null
      Then it counts as absent, or the answer is a documented 400 error

      Examples:
        | parameter       |
        | instanceIds     |
        | pageSize        |
        | pageNum         |
        | resourceGroupId |

    @status-empty-text
    Scenario Outline: DescribeInstancesStatus takes a <parameter> that is the empty string for absent or for a value that nothing has, or refuses it
      Given a STOPPED instance
      When DescribeInstancesStatus is called with <parameter> as ""
      Then it counts as absent or as a value that nothing has, or the answer is a documented 400 or 404 error

      Examples:
        | parameter       |
        | resourceGroupId |

    @status-empty-list
    Example: DescribeInstancesStatus takes an empty list of ids for none, or refuses it
      Given a STOPPED instance
      When DescribeInstancesStatus is called with instanceIds as []
      Then it counts as absent, or the answer is a documented 400 error

    @status-empty-body
    Example: DescribeInstancesStatus takes an empty body for no parameters, or refuses it
      Given a STOPPED instance
      When DescribeInstancesStatus is called with an empty body
      Then it counts as absent, or the answer is a documented 400 error

  @C-STATUS-OPTIONAL
  Rule: Every parameter of DescribeInstancesStatus is optional.

    @status-no-parameters
    Example: DescribeInstancesStatus is called with no parameters
      When DescribeInstancesStatus is called with no parameters
      Then the answer is a success

    @status-one-parameter
    Scenario Outline: DescribeInstancesStatus is called with <parameter> alone
      When DescribeInstancesStatus is called with <parameter> as <value>
      Then the answer is a success

      Examples:
        | parameter | value |
        | pageSize  | 10    |
        | pageNum   | 1     |

  @C-STATUS-PAGE-DEFAULT
  Rule: Without paging, DescribeInstancesStatus gives page 1 of at most 20 rows.

    @status-default-page
    Example: DescribeInstancesStatus gives at most 20 instances when no page size is named
      When DescribeInstancesStatus is called with no parameters
      Then the answer is a success
      And the list holds at most 20 instances

    @status-default-page-is-20
    Example: DescribeInstancesStatus gives as many instances as with pages of 20 when no page size is named
      When DescribeInstancesStatus is called with no parameters
      Then the answer is a success
      And the list is as long as a page of 20

  @C-STATUS-PAGE
  Rule: A page of DescribeInstancesStatus holds at most pageSize rows, and the pages together hold every matching instance once.

    @status-pages
    Scenario Outline: DescribeInstancesStatus gives three instances in pages of <size>
      Given 2 STOPPED instances
      And another RUNNING instance
      When DescribeInstancesStatus is asked for them in pages of <size>
      Then the answer is a success
      And no page holds more than <size>, and together they hold each instance once

      Examples:
        | size |
        | 1    |
        | 2    |

  @C-STATUS-FILTERS
  Rule: With resourceGroupId, DescribeInstancesStatus lists the instances of that resource group and no other.

    @unknown-group
    Example: DescribeInstancesStatus finds nothing by a resource group that does not exist
      Given a STOPPED instance
      When DescribeInstancesStatus is asked for a resourceGroupId that nothing has
      Then the list is empty, or the answer is a documented 400 or 404 error
